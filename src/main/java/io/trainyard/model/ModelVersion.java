package io.trainyard.model;

import io.trainyard.artifact.Artifact;
import io.trainyard.encoding.Encoding;
import io.trainyard.encoding.Target;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An immutable version of a model, with all that serving needs and the lineage that explains it.
 *
 * @param lineage where it comes from
 * @param summary its layers, with shapes and parameters
 * @param encoding the preprocessing of raw rows
 * @param target what its answers mean
 * @param evaluation on the held-out split of what it was trained on; null where it was imported
 * @param artifact the weights, as a DL4J zip
 * @param description what people say of it, which can change
 * @param tags likewise
 */
public record ModelVersion(
        String model,
        int version,
        Lineage lineage,
        JsonNode summary,
        Encoding encoding,
        Target target,
        @Nullable VersionEvaluation evaluation,
        Artifact artifact,
        String description,
        Map<String, String> tags,
        Instant createdAt) {

    /** Loss and metrics by their names in the curves; none where it was imported. */
    public Map<String, Double> figures() {
        return evaluation == null ? Map.of() : evaluation.figures();
    }
}
