package io.trainyard.serving;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.context.annotation.Profile;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Profile("api")
@Tag(name = "Prediction")
class PredictionsController {

    private static final String EXAMPLE = """
            {
              "model": "digits",
              "version": "latest",
              "instances": [
                [0, 0, 5, 13, 9, 1, 0, 0,
                 0, 0, 13, 15, 10, 15, 5, 0,
                 0, 3, 15, 2, 0, 11, 8, 0,
                 0, 4, 12, 0, 0, 8, 8, 0,
                 0, 5, 8, 0, 0, 9, 8, 0,
                 0, 4, 11, 0, 1, 12, 7, 0,
                 0, 2, 14, 5, 10, 12, 0, 0,
                 0, 0, 6, 13, 10, 0, 0, 0]
              ],
              "top_k": 3
            }
            """;

    private final Predictions predictions;

    PredictionsController(Predictions predictions) {
        this.predictions = predictions;
    }

    @Operation(
            summary = "Predict",
            description = "Raw rows in, classes and probabilities out; the version's own preprocessing is applied, and"
                    + " the answer names the exact version. Rows of a dataset, as `GET …/rows` shows them, can be sent"
                    + " as they are.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "a digit 0", value = EXAMPLE)))
    @PostMapping(value = "/predict", consumes = MediaType.APPLICATION_JSON_VALUE)
    PredictResponse predict(@RequestBody PredictRequest request) {
        return predictions.predict(request);
    }
}
