package io.trainyard.diagnosis;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * A change of the job's spec to try.
 *
 * @param code its name, unique among the finding's suggestions
 * @param changes a JSON Patch (RFC 6902) of the job's {@code spec}
 */
public record Suggestion(
        @Schema(example = "add_dropout") String code,
        @Schema(example = "Add dropout") String title,

        @Schema(
                example =
                        "Dropout switches off a share of the values at random, so that no row can be learned by heart.")
        String detail,

        List<Change> changes) {}
