package io.trainyard.client;

import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/** Asks models. */
@HttpExchange
public interface Predictions {

    @PostExchange("/predict")
    PredictResponse predict(@RequestBody PredictRequest request);
}
