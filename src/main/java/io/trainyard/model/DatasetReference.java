package io.trainyard.model;

import io.swagger.v3.oas.annotations.media.Schema;

/** The exact data that a version was trained on. */
public record DatasetReference(
        @Schema(example = "digits") String name,
        @Schema(example = "1") int version,
        String sha256) {}
