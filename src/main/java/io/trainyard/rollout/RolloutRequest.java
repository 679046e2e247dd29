package io.trainyard.rollout;

import static io.trainyard.problem.InvalidFieldException.required;

import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.problem.InvalidFieldException;
import org.jspecify.annotations.Nullable;

/**
 * What candidate is to do what.
 *
 * @param candidate the version's number
 * @param mode {@code shadow} or {@code canary}
 * @param weight the share of the alias' requests that the candidate takes part in, in (0, 1]; all by default for a shadow
 * @param tolerance how far two numbers may be apart and agree; for models whose answers are numbers, and only those
 * @param expectedVersion at which the alias must point; by default it does not matter
 */
record RolloutRequest(
        @Schema(example = "1", requiredMode = Schema.RequiredMode.REQUIRED)
        Integer candidate,

        @Schema(example = "shadow", requiredMode = Schema.RequiredMode.REQUIRED)
        Rollout.Mode mode,

        @Schema(example = "1.0") @Nullable Double weight,
        @Nullable Double tolerance,
        @Nullable Integer expectedVersion) {

    RolloutRequest {
        if (required("candidate", candidate) < 1) {
            throw new InvalidFieldException("candidate", "must be a version's number, from 1 on, was " + candidate);
        }
        if (required("mode", mode) == Rollout.Mode.CANARY && weight == null) {
            throw new InvalidFieldException("weight", "is required for a canary: its share of the requests, up to 1");
        }
        weight = InvalidFieldException.positive("weight", weight, 1, 1);
        if (tolerance != null && !(tolerance >= 0 && Double.isFinite(tolerance))) {
            throw new InvalidFieldException("tolerance", "must be a finite number, at least 0, was " + tolerance);
        }
    }
}
