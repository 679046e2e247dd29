package io.trainyard.model;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What was done to an alias.
 *
 * @param version at which it has pointed since; null when it was removed
 * @param previousVersion at which it pointed before; null when there was no such alias
 */
public record AliasMove(
        @Schema(example = "3") @Nullable Integer version,
        @Schema(example = "2") @Nullable Integer previousVersion,
        Instant at) {}
