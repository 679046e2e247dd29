package io.trainyard.model;

import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.problem.InvalidFieldException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What people want to say of a model or a version; null for what is to stay as it is.
 *
 * @param tags keys and values of their own
 */
public record Annotations(
        @Schema(example = "Handwritten digits, trained on scans of 2026") @Nullable
        String description,

        @Schema(example = "{\"team\": \"post\"}") @Nullable Map<String, String> tags) {

    private static final int MAX_DESCRIPTION = 10_000;
    private static final int MAX_TAGS = 50;
    private static final int MAX_TAG_LENGTH = 256;

    /** Nothing said. */
    public static final Annotations NONE = new Annotations(null, null);

    public Annotations {
        if (description != null) {
            check("description", description, MAX_DESCRIPTION);
        }
        if (tags != null) {
            if (tags.size() > MAX_TAGS) {
                throw new InvalidFieldException("tags", "must hold at most " + MAX_TAGS + ", was " + tags.size());
            }
            tags.forEach((key, value) -> {
                check("tags", key, MAX_TAG_LENGTH);
                check("tags", value, MAX_TAG_LENGTH);
            });
            tags = Map.copyOf(tags);
        }
    }

    private static void check(String field, @Nullable String text, int max) {
        if (text == null) {
            throw new InvalidFieldException(field, "must not hold null");
        }
        if (text.length() > max) {
            throw new InvalidFieldException(field, "must have at most " + max + " characters");
        }
        if (text.indexOf('\0') >= 0) {
            throw new InvalidFieldException(field, "must not hold the character U+0000");
        }
    }
}
