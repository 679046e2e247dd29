package io.trainyard.serving;

import io.trainyard.model.ModelVersion;
import io.trainyard.model.Models;
import io.trainyard.model.VersionChoice;
import io.trainyard.problem.InvalidFieldException;
import io.trainyard.problem.ProblemException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** What the Open Inference Protocol asks, in either of its forms: REST and gRPC. */
@Component
@Profile("api")
class OpenInference {

    static final String SERVER = "trainyard";

    private static final String PLATFORM = "deeplearning4j";

    private final Inference inference;
    private final Models models;
    private final ApplicationAvailability availability;
    private final BuildProperties build;
    private final ServingProperties properties;

    OpenInference(
            Inference inference,
            Models models,
            ApplicationAvailability availability,
            BuildProperties build,
            ServingProperties properties) {
        this.inference = inference;
        this.models = models;
        this.availability = availability;
        this.build = build;
        this.properties = properties;
    }

    /** The release of this server. */
    String release() {
        return String.valueOf(build.getVersion());
    }

    /** Whether the server takes requests. */
    boolean isReady() {
        return availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC;
    }

    /**
     * The version that is meant.
     *
     * @param version a number, an alias, or {@code latest}; null for the newest
     */
    static VersionChoice choice(@Nullable String version) {
        return version == null ? VersionChoice.LATEST : VersionChoice.of(version);
    }

    /**
     * The name of a model that takes requests.
     *
     * @throws ProblemException NOT_FOUND
     */
    String ready(String model, VersionChoice choice) {
        return inference.version(model, choice).model();
    }

    /**
     * @throws ProblemException NOT_FOUND
     */
    ModelMetadata metadata(String model, VersionChoice choice) {
        ModelVersion version = inference.version(model, choice);
        return new ModelMetadata(
                version.model(),
                models.numbers(version.model()).stream().map(String::valueOf).toList(),
                PLATFORM,
                TensorRows.signature(version.encoding()),
                InferOutputs.signature(version.target()));
    }

    /**
     * @throws InvalidFieldException when the request names another model than {@code model}
     * @throws ProblemException as {@link Inference#run} does, and INVALID_REQUEST for outputs that there are not
     */
    InferResponse infer(String model, VersionChoice choice, InferRequest request) {
        if (request.modelName() != null && !request.modelName().equals(model)) {
            throw new InvalidFieldException("/model_name", "is not the model of the address, '" + model + "'");
        }
        Route route = inference.route(model, choice);
        ModelVersion version = route.version();
        InferOutputs outputs = new InferOutputs(request, version.target());
        Answered answered = inference.run(
                route,
                TensorRows.of(request.inputs(), version.encoding(), properties.maxInstances()),
                request.timeout());
        return new InferResponse(
                version.model(),
                String.valueOf(answered.version().version()),
                request.id(),
                Timing.of(answered.answer()),
                outputs.of(answered.answer().values(), version.target()));
    }

    /** What beyond the protocol's core can be asked over REST. */
    static List<String> restExtensions() {
        return List.of("binary_tensor_data", "classification");
    }

    /** What beyond the protocol's core can be asked over gRPC, whose tensors may be bytes anyhow. */
    static List<String> grpcExtensions() {
        return List.of("classification");
    }
}
