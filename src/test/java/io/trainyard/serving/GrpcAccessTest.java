package io.trainyard.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.trainyard.SecuredService;
import io.trainyard.Service;
import io.trainyard.serving.protocol.GRPCInferenceServiceGrpc;
import io.trainyard.serving.protocol.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.trainyard.serving.protocol.OpenInferenceProto.ModelInferRequest;
import io.trainyard.serving.protocol.OpenInferenceProto.ModelReadyRequest;
import io.trainyard.serving.protocol.OpenInferenceProto.ServerLiveRequest;
import io.trainyard.serving.protocol.OpenInferenceProto.ServerMetadataRequest;
import java.util.concurrent.Executor;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;

/** gRPC lets in whom HTTP does, and shows them the same models. */
class GrpcAccessTest {

    private static final SecuredService service = SecuredService.shared();

    @SuppressWarnings("NullAway.Init")
    private static ManagedChannel channel;

    @BeforeAll
    static void trains() {
        String job = Service.json(
                        service.send("POST", "/api/v1/jobs", service.key("trainer", "kim"), Service.irisJob("kims", 1)))
                .get("id")
                .stringValue();
        Service.shared().await(job, "SUCCEEDED");
        channel = ManagedChannelBuilder.forAddress(
                        "127.0.0.1", service.bean(GrpcServerLifecycle.class).getPort())
                .usePlaintext()
                .build();
    }

    @AfterAll
    static void closes() {
        channel.shutdownNow();
    }

    @Test
    void whoIsNotKnownHearsOnlyWhetherItLives() {
        GRPCInferenceServiceBlockingStub nobody = GRPCInferenceServiceGrpc.newBlockingStub(channel);

        assertThat(nobody.serverLive(ServerLiveRequest.getDefaultInstance()).getLive())
                .isTrue();
        assertRefused(
                Status.Code.UNAUTHENTICATED, () -> nobody.serverMetadata(ServerMetadataRequest.getDefaultInstance()));
        assertRefused(Status.Code.UNAUTHENTICATED, () -> nobody.modelReady(ready()));
        assertRefused(Status.Code.UNAUTHENTICATED, () -> with("ty_aaaaaaaa_" + "A".repeat(43))
                .modelReady(ready()));
    }

    @Test
    void keyIsLetInToItsOwnersModelsByItsRole() {
        assertThat(with(service.key("viewer", "kim")).modelReady(ready()).getReady())
                .isTrue();
        assertRefused(Status.Code.PERMISSION_DENIED, () -> with(service.key("viewer", "kim"))
                .modelInfer(infer()));
        // It is let in: what it asks is what is wrong.
        assertRefused(Status.Code.INVALID_ARGUMENT, () -> with(service.key("predictor", "kim"))
                .modelInfer(infer()));
        assertRefused(Status.Code.NOT_FOUND, () -> with(service.key("predictor", "lou"))
                .modelReady(ready()));
        assertRefused(Status.Code.NOT_FOUND, () -> with(service.key("predictor", "lou"))
                .modelInfer(infer()));
    }

    private static ModelReadyRequest ready() {
        return ModelReadyRequest.newBuilder().setName("kims").build();
    }

    private static ModelInferRequest infer() {
        return ModelInferRequest.newBuilder().setModelName("kims").build();
    }

    private static void assertRefused(Status.Code code, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StatusRuntimeException.class, refused -> assertThat(
                        refused.getStatus().getCode())
                .isEqualTo(code));
    }

    private static GRPCInferenceServiceBlockingStub with(String key) {
        return GRPCInferenceServiceGrpc.newBlockingStub(channel).withCallCredentials(new CallCredentials() {
            @Override
            public void applyRequestMetadata(RequestInfo info, Executor executor, MetadataApplier applier) {
                Metadata headers = new Metadata();
                headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + key);
                applier.apply(headers);
            }
        });
    }
}
