package io.trainyard.model;

import io.swagger.v3.oas.annotations.media.Schema;

/**
 * The file that a version was read from.
 *
 * @param format {@code keras_h5} or {@code dl4j_zip}
 * @param fileName as its sender called it
 * @param sha256 of its bytes, which are not kept
 */
public record ImportedFile(
        @Schema(example = "keras_h5") String format,
        @Schema(example = "digits.h5") String fileName,
        String sha256,
        @Schema(example = "84112") long bytes) {}
