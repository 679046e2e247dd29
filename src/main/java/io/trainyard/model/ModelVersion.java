package io.trainyard.model;

import io.trainyard.artifact.Artifact;
import io.trainyard.encoding.Encoding;
import io.trainyard.encoding.Target;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * An immutable version of a model, with all that serving needs and the lineage that explains it.
 *
 * @param jobId the job that trained it
 * @param dataset what it was trained on
 * @param spec the job's frozen network and training settings
 * @param summary its layers, with shapes and parameters
 * @param seed of the job
 * @param encoding the preprocessing of raw rows
 * @param target what its answers mean
 * @param evaluation on the held-out split
 * @param artifact the weights, as a DL4J zip
 * @param description what people say of it, which can change
 * @param tags likewise
 */
public record ModelVersion(
        String model,
        int version,
        UUID jobId,
        DatasetReference dataset,
        JsonNode spec,
        JsonNode summary,
        long seed,
        Encoding encoding,
        Target target,
        VersionEvaluation evaluation,
        Artifact artifact,
        String description,
        Map<String, String> tags,
        Instant createdAt) {}
