package io.trainyard.training;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A job as it was accepted: every default filled in, and what it uses fixed to exact versions. */
public sealed interface AcceptedSpec permits JobSpec, BatchPredictionSpec {

    /** The model that it publishes to, or predicts with. */
    String model();

    int priority();

    @Nullable
    Integer maxRuntimeSeconds();

    Map<String, String> labels();
}
