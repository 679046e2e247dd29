package io.trainyard.serving;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.StreamObserver;
import io.trainyard.access.Access;
import io.trainyard.access.Kind;
import io.trainyard.model.VersionChoice;
import io.trainyard.serving.protocol.GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase;
import io.trainyard.serving.protocol.OpenInferenceProto.ModelInferRequest;
import io.trainyard.serving.protocol.OpenInferenceProto.ModelInferResponse;
import io.trainyard.serving.protocol.OpenInferenceProto.ModelMetadataRequest;
import io.trainyard.serving.protocol.OpenInferenceProto.ModelMetadataResponse;
import io.trainyard.serving.protocol.OpenInferenceProto.ModelReadyRequest;
import io.trainyard.serving.protocol.OpenInferenceProto.ModelReadyResponse;
import io.trainyard.serving.protocol.OpenInferenceProto.ServerLiveRequest;
import io.trainyard.serving.protocol.OpenInferenceProto.ServerLiveResponse;
import io.trainyard.serving.protocol.OpenInferenceProto.ServerMetadataRequest;
import io.trainyard.serving.protocol.OpenInferenceProto.ServerMetadataResponse;
import io.trainyard.serving.protocol.OpenInferenceProto.ServerReadyRequest;
import io.trainyard.serving.protocol.OpenInferenceProto.ServerReadyResponse;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Service;

/** The gRPC API of the Open Inference Protocol, version 2, of {@code open_inference.proto}; errors are {@link GrpcErrors}'. */
@Service
@Profile("api")
class OpenInferenceService extends GRPCInferenceServiceImplBase {

    private final OpenInference protocol;
    private final Access access;

    OpenInferenceService(OpenInference protocol, Access access) {
        this.access = access;
        this.protocol = protocol;
    }

    @Override
    public void serverLive(ServerLiveRequest request, StreamObserver<ServerLiveResponse> answer) {
        answer(answer, ServerLiveResponse.newBuilder().setLive(true).build());
    }

    @Override
    public void serverReady(ServerReadyRequest request, StreamObserver<ServerReadyResponse> answer) {
        answer(
                answer,
                ServerReadyResponse.newBuilder().setReady(protocol.isReady()).build());
    }

    @Override
    public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> answer) {
        protocol.ready(allowed(request.getName()), choice(request.getVersion()));
        answer(answer, ModelReadyResponse.newBuilder().setReady(true).build());
    }

    @Override
    public void serverMetadata(ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> answer) {
        answer(
                answer,
                ServerMetadataResponse.newBuilder()
                        .setName(OpenInference.SERVER)
                        .setVersion(protocol.release())
                        .addAllExtensions(OpenInference.grpcExtensions())
                        .build());
    }

    @Override
    public void modelMetadata(ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> answer) {
        ModelMetadata metadata = protocol.metadata(allowed(request.getName()), choice(request.getVersion()));
        answer(
                answer,
                ModelMetadataResponse.newBuilder()
                        .setName(metadata.name())
                        .addAllVersions(metadata.versions())
                        .setPlatform(metadata.platform())
                        .addAllInputs(tensors(metadata.inputs()))
                        .addAllOutputs(tensors(metadata.outputs()))
                        .build());
    }

    private static List<ModelMetadataResponse.TensorMetadata> tensors(List<ModelMetadata.Tensor> tensors) {
        return tensors.stream()
                .map(tensor -> ModelMetadataResponse.TensorMetadata.newBuilder()
                        .setName(tensor.name())
                        .setDatatype(tensor.datatype().name())
                        .addAllShape(
                                tensor.shape().stream().map(Integer::longValue).toList())
                        .build())
                .toList();
    }

    @Override
    public void modelInfer(ModelInferRequest message, StreamObserver<ModelInferResponse> answer) {
        InferRequest request = GrpcTensors.request(message, microsLeft());
        InferResponse response =
                protocol.infer(allowed(message.getModelName()), choice(message.getModelVersion()), request);
        answer(answer, GrpcTensors.response(response));
    }

    private static @Nullable Long microsLeft() {
        Deadline deadline = Context.current().getDeadline();
        return deadline == null ? null : Math.max(1, deadline.timeRemaining(TimeUnit.MICROSECONDS));
    }

    private String allowed(String model) {
        access.checkRead(GrpcGuard.ACTOR.get(), Kind.MODEL, model);
        return model;
    }

    private static VersionChoice choice(String version) {
        return OpenInference.choice(version.isEmpty() ? null : version);
    }

    private static <T> void answer(StreamObserver<T> observer, T answer) {
        observer.onNext(answer);
        observer.onCompleted();
    }
}
