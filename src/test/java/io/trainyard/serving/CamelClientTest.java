package io.trainyard.serving;

import static org.assertj.core.api.Assertions.assertThat;

import inference.GrpcPredictV2.InferTensorContents;
import inference.GrpcPredictV2.ModelInferRequest;
import inference.GrpcPredictV2.ModelInferRequest.InferInputTensor;
import inference.GrpcPredictV2.ModelInferResponse;
import inference.GrpcPredictV2.ModelMetadataResponse;
import inference.GrpcPredictV2.ModelReadyResponse;
import inference.GrpcPredictV2.ServerLiveResponse;
import inference.GrpcPredictV2.ServerMetadataResponse;
import inference.GrpcPredictV2.ServerReadyResponse;
import io.trainyard.Service;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import tools.jackson.databind.JsonNode;

/** The KServe component of Apache Camel, a public client of the Open Inference Protocol, is understood as it is. */
class CamelClientTest {

    private static final Service SERVICE = Service.shared();
    private static final CamelContext CAMEL = new DefaultCamelContext();

    @SuppressWarnings("NullAway.Init")
    private static ProducerTemplate client;

    @BeforeAll
    static void trains() {
        assertThat(SERVICE.await(SERVICE.submit(Service.irisJob("camel", 5)), "SUCCEEDED", "FAILED")
                        .get("status")
                        .stringValue())
                .isEqualTo("SUCCEEDED");
        CAMEL.start();
        client = CAMEL.createProducerTemplate();
    }

    @AfterAll
    static void closes() {
        CAMEL.stop();
    }

    @Test
    void asksWhoIsThere() {
        assertThat(ask("server/live", null, ServerLiveResponse.class).getLive()).isTrue();
        assertThat(ask("server/ready", null, ServerReadyResponse.class).getReady())
                .isTrue();
        assertThat(ask("server/metadata", null, ServerMetadataResponse.class).getName())
                .isEqualTo("trainyard");
        assertThat(ask("model/ready", null, ModelReadyResponse.class).getReady())
                .isTrue();
        ModelMetadataResponse model = ask("model/metadata", null, ModelMetadataResponse.class);
        assertThat(model.getInputsList())
                .extracting(ModelMetadataResponse.TensorMetadata::getName)
                .containsExactly("sepal_length", "sepal_width", "petal_length", "petal_width");
        assertThat(model.getOutputs(0).getShapeList()).containsExactly(-1L, 3L);
    }

    @Test
    void predicts() {
        ModelInferRequest flowers = ModelInferRequest.newBuilder()
                .addInputs(InferInputTensor.newBuilder()
                        .setName("input")
                        .setDatatype("FP32")
                        .addShape(2)
                        .addShape(4)
                        .setContents(InferTensorContents.newBuilder()
                                .addAllFp32Contents(List.of(5.1f, 3.5f, 1.4f, 0.2f, 6.8f, 3.0f, 6.0f, 2.3f))))
                .build();

        ModelInferResponse answer = ask("infer", flowers, ModelInferResponse.class);

        JsonNode expected = Service.json(SERVICE.post(
                        "/predict",
                        "{\"model\": \"camel\", \"version\": 1,"
                                + " \"instances\": [[5.1, 3.5, 1.4, 0.2], [6.8, 3.0, 6.0, 2.3]]}"))
                .get("predictions");
        assertThat(answer.getModelVersion()).isEqualTo("1");
        assertThat(answer.getOutputs(0).getShapeList()).containsExactly(2L, 3L);
        assertThat(answer.getOutputs(0).getContents().getFp32ContentsList())
                .isEqualTo(expected.valueStream()
                        .flatMap(each -> each.get("probabilities").valueStream())
                        .map(JsonNode::floatValue)
                        .toList());
    }

    private static <T> T ask(String api, @Nullable Object request, Class<T> type) {
        int port = SERVICE.bean(GrpcServerLifecycle.class).getPort();
        return client.requestBody(
                "kserve:%s?modelName=camel&modelVersion=1&target=127.0.0.1:%d".formatted(api, port), request, type);
    }
}
