package io.trainyard.dataset;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A dataset; a built-in one that nobody used yet has no version.
 *
 * @param versions newest first
 */
public record DatasetView(
        @Schema(example = "digits") String name, @Nullable String description, List<VersionView> versions) {}
