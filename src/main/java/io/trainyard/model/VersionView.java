package io.trainyard.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.encoding.Encoding;
import io.trainyard.encoding.Target;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A version, as the API shows it. */
@Schema(name = "ModelVersion")
public record VersionView(
        @Schema(example = "digits") String model,
        @Schema(example = "1") int version,

        @Schema(example = "{\"val_loss\": 0.21, \"val_accuracy\": 0.94}")
        Map<String, Double> metrics,

        String description,
        Map<String, String> tags,
        InputSignature input,
        OutputSignature output,
        JsonNode summary,
        LineageView lineage,
        ArtifactView artifact,
        Instant createdAt) {

    /** What a version takes. */
    public record InputSignature(
            @Schema(example = "[8, 8, 1]") List<Integer> shape, Encoding encoding) {}

    /**
     * What a version gives.
     *
     * @param classes empty where it tells a number
     * @param target the name of that number
     */
    public record OutputSignature(
            @Schema(example = "[10]") List<Integer> shape,
            List<String> classes,
            @Nullable String target) {
        private static OutputSignature of(Target target) {
            return new OutputSignature(
                    List.of(target.answers()),
                    target.classes(),
                    target instanceof Target.Quantity quantity ? quantity.name() : null);
        }
    }

    /**
     * Where a version comes from: a job, or a file.
     *
     * @param jobId absent where it was imported
     * @param dataset what it was trained on; of an import, whose rows and labels it takes and gives
     * @param spec the job's; of an import only its {@code network}, where it is known
     * @param seed absent where it was imported
     * @param imported the file, as {@code import}
     */
    @Schema(name = "Lineage")
    public record LineageView(
            @Nullable UUID jobId,
            @Nullable DatasetReference dataset,
            @Nullable JsonNode spec,
            @Nullable Long seed,

            @JsonProperty("import") @Nullable ImportedFile imported) {

        private static LineageView of(Lineage lineage) {
            if (lineage instanceof Lineage.Trained trained) {
                return new LineageView(trained.jobId(), trained.dataset(), trained.spec(), trained.seed(), null);
            }
            Lineage.Imported imported = (Lineage.Imported) lineage;
            JsonNode network = imported.network();
            return new LineageView(
                    null,
                    imported.dataset(),
                    network == null
                            ? null
                            : JsonNodeFactory.instance.objectNode().set("network", network),
                    null,
                    imported.file());
        }
    }

    /** The stored weights. */
    public record ArtifactView(String sha256, long bytes) {}

    /** What the API shows of it. */
    public static VersionView of(ModelVersion version) {
        return new VersionView(
                version.model(),
                version.version(),
                version.figures(),
                version.description(),
                version.tags(),
                new InputSignature(version.encoding().inputShape(), version.encoding()),
                OutputSignature.of(version.target()),
                version.summary(),
                LineageView.of(version.lineage()),
                new ArtifactView(version.artifact().sha256(), version.artifact().bytes()),
                version.createdAt());
    }
}
