package io.trainyard.training;

import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.network.NetworkSpec;
import io.trainyard.network.TrainingSpec;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A training job as it was accepted: every default filled in, the dataset's version and the input shape fixed. */
public record JobSpec(
        @Schema(example = "digits") String model,
        DatasetChoice.Versioned dataset,
        NetworkSpec network,
        TrainingSpec training,
        int priority,
        @Nullable Integer maxRuntimeSeconds,
        Map<String, String> labels)
        implements AcceptedSpec {}
