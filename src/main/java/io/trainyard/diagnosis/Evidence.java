package io.trainyard.diagnosis;

import io.swagger.v3.oas.annotations.media.Schema;

/**
 * A point of a curve.
 *
 * @param metric its name in the curves
 * @param epoch counted from 1
 * @param text what is to be seen there
 */
public record Evidence(
        @Schema(example = "val_loss") String metric,
        @Schema(example = "5") int epoch,
        @Schema(example = "0.0375") double value,
        @Schema(example = "the lowest") String text) {}
