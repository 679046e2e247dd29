package io.trainyard.model;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Where a version comes from. */
public sealed interface Lineage {

    /** Its network in this service's terms, as a job's frozen spec has it; null where there is none. */
    @Nullable
    JsonNode network();

    /**
     * A job of this service.
     *
     * @param dataset what it was trained on
     * @param spec the job's frozen network and training settings
     */
    record Trained(UUID jobId, DatasetReference dataset, JsonNode spec, long seed) implements Lineage {

        @Override
        public @Nullable JsonNode network() {
            return spec.get("network");
        }
    }

    /**
     * A file that somebody sent.
     *
     * @param dataset whose rows and labels it takes and gives; null where none was named
     */
    record Imported(
            ImportedFile file,
            @Nullable DatasetReference dataset,
            @Nullable JsonNode network) implements Lineage {}
}
