package io.trainyard.serving;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.trainyard.Service;
import io.trainyard.serving.protocol.GRPCInferenceServiceGrpc;
import io.trainyard.serving.protocol.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.trainyard.serving.protocol.OpenInferenceProto.InferParameter;
import io.trainyard.serving.protocol.OpenInferenceProto.InferTensorContents;
import io.trainyard.serving.protocol.OpenInferenceProto.ModelInferRequest;
import io.trainyard.serving.protocol.OpenInferenceProto.ModelInferResponse;
import io.trainyard.serving.protocol.OpenInferenceProto.ModelMetadataRequest;
import io.trainyard.serving.protocol.OpenInferenceProto.ModelMetadataResponse;
import io.trainyard.serving.protocol.OpenInferenceProto.ModelReadyRequest;
import io.trainyard.serving.protocol.OpenInferenceProto.ServerLiveRequest;
import io.trainyard.serving.protocol.OpenInferenceProto.ServerMetadataRequest;
import io.trainyard.serving.protocol.OpenInferenceProto.ServerReadyRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.UnaryOperator;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import tools.jackson.databind.JsonNode;

/** The Open Inference Protocol over gRPC says what it says over REST. */
class OpenInferenceGrpcTest {

    private static final Service SERVICE = Service.shared();
    private static final List<Float> FLOWERS = List.of(5.1f, 3.5f, 1.4f, 0.2f, 6.8f, 3.0f, 6.0f, 2.3f);

    @SuppressWarnings("NullAway.Init")
    private static ManagedChannel channel;

    @SuppressWarnings("NullAway.Init")
    private static GRPCInferenceServiceBlockingStub client;

    @BeforeAll
    static void trains() {
        assertThat(SERVICE.await(SERVICE.submit(Service.irisJob("remote", 5)), "SUCCEEDED", "FAILED")
                        .get("status")
                        .stringValue())
                .isEqualTo("SUCCEEDED");
        int port = SERVICE.bean(GrpcServerLifecycle.class).getPort();
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .build();
        client = GRPCInferenceServiceGrpc.newBlockingStub(channel);
    }

    @AfterAll
    static void closes() {
        channel.shutdownNow();
    }

    @Test
    void serverAndModelSayWhatTheyAre() {
        assertThat(client.serverLive(ServerLiveRequest.getDefaultInstance()).getLive())
                .isTrue();
        assertThat(client.serverReady(ServerReadyRequest.getDefaultInstance()).getReady())
                .isTrue();
        assertThat(client.serverMetadata(ServerMetadataRequest.getDefaultInstance())
                        .getName())
                .isEqualTo("trainyard");
        assertThat(client.modelReady(ModelReadyRequest.newBuilder()
                                .setName("remote")
                                .setVersion("1")
                                .build())
                        .getReady())
                .isTrue();
        ModelMetadataResponse metadata = client.modelMetadata(
                ModelMetadataRequest.newBuilder().setName("remote").build());
        assertThat(metadata.getVersionsList()).containsExactly("1");
        assertThat(metadata.getInputsList()).hasSize(4).allSatisfy(input -> assertThat(input.getShapeList())
                .containsExactly(-1L, 1L));
        assertThat(metadata.getOutputs(0).getShapeList()).containsExactly(-1L, 3L);
    }

    @Test
    void typedContentsGiveWhatRestGives() {
        ModelInferResponse answer = client.modelInfer(flowers(request -> request));
        assertThat(answer.getModelName()).isEqualTo("remote");
        assertThat(answer.getModelVersion()).isEqualTo("1");
        assertThat(answer.getId()).isEqualTo("42");
        assertThat(answer.getOutputs(0).getName()).isEqualTo("output");
        assertThat(answer.getOutputs(0).getDatatype()).isEqualTo("FP32");
        assertThat(answer.getOutputs(0).getShapeList()).containsExactly(2L, 3L);
        assertThat(answer.getOutputs(0).getContents().getFp32ContentsList()).isEqualTo(byRest());
        assertThat(answer.getParametersOrThrow("compute_ms").getDoubleParam()).isPositive();
    }

    @Test
    void bytesComeBackAsBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        FLOWERS.forEach(bytes::putFloat);
        ModelInferResponse answer = client.modelInfer(flowers(request -> {
            request.getInputsBuilder(0).clearContents();
            return request.addRawInputContents(ByteString.copyFrom(bytes.flip()));
        }));
        assertThat(answer.getOutputs(0).hasContents()).isFalse();
        ByteBuffer raw = answer.getRawOutputContents(0).asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        for (float expected : byRest()) {
            assertThat(raw.getFloat()).isEqualTo(expected);
        }
        assertThat(raw.hasRemaining()).isFalse();
    }

    @Test
    void classesAreTexts() {
        ModelInferResponse answer = client.modelInfer(flowers(request -> {
            request.addOutputsBuilder()
                    .setName("output")
                    .putParameters(
                            "classification",
                            InferParameter.newBuilder().setInt64Param(1).build());
            return request;
        }));
        assertThat(answer.getOutputs(0).getDatatype()).isEqualTo("BYTES");
        assertThat(answer.getOutputs(0).getContents().getBytesContentsList())
                .hasSize(2)
                .allSatisfy(text -> assertThat(text.toStringUtf8()).matches("0\\.[0-9]+:[0-2]:[a-z]+"));
    }

    @Test
    void faultsHaveTheirStatusAndSayWhatIsWrong() {
        assertFails(flowers(request -> request.setModelName("none")), Status.Code.NOT_FOUND, "none");
        assertFails(flowers(request -> request.setModelVersion("7")), Status.Code.NOT_FOUND, "7");
        assertFails(flowers(request -> request.setModelVersion("0")), Status.Code.INVALID_ARGUMENT, "version");
        assertFails(flowers(request -> request.clearInputs()), Status.Code.INVALID_ARGUMENT, "/inputs: ");
        assertFails(
                flowers(request -> {
                    request.getInputsBuilder(0).setShape(0, 3);
                    return request;
                }),
                Status.Code.INVALID_ARGUMENT,
                "/inputs/0/data: has 8 elements");
        assertFails(
                flowers(request -> {
                    request.getInputsBuilder(0).setDatatype("FP8");
                    return request;
                }),
                Status.Code.INVALID_ARGUMENT,
                "/inputs/0/datatype: must be one of");
        assertFails(
                flowers(request -> request.addRawInputContents(ByteString.EMPTY)),
                Status.Code.INVALID_ARGUMENT,
                "/inputs/0/contents: is given, and raw_input_contents too");
        assertFails(
                flowers(request -> request.putParameters(
                        "timeout",
                        InferParameter.newBuilder().setStringParam("soon").build())),
                Status.Code.INVALID_ARGUMENT,
                "/parameters/timeout: must be an integer");
    }

    private static void assertFails(ModelInferRequest request, Status.Code code, String words) {
        StatusRuntimeException failure =
                Assertions.catchThrowableOfType(StatusRuntimeException.class, () -> client.modelInfer(request));
        assertThat(failure.getStatus().getCode()).as(failure.getMessage()).isEqualTo(code);
        assertThat(failure.getStatus().getDescription()).contains(words);
    }

    private static ModelInferRequest flowers(UnaryOperator<ModelInferRequest.Builder> change) {
        ModelInferRequest.Builder request =
                ModelInferRequest.newBuilder().setModelName("remote").setId("42");
        request.addInputsBuilder()
                .setName("input")
                .setDatatype("FP32")
                .addShape(2)
                .addShape(4)
                .setContents(InferTensorContents.newBuilder().addAllFp32Contents(FLOWERS));
        return change.apply(request).build();
    }

    private static List<Float> byRest() {
        JsonNode answer = Service.json(SERVICE.post(
                "/v2/models/remote/infer",
                "{\"inputs\": [{\"name\": \"input\", \"shape\": [2, 4], \"datatype\": \"FP32\", \"data\": " + FLOWERS
                        + "}]}"));
        return answer.at("/outputs/0/data")
                .valueStream()
                .map(JsonNode::floatValue)
                .toList();
    }
}
