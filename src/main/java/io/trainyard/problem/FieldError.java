package io.trainyard.problem;

import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.charset.StandardCharsets;

/**
 * One fault in a request.
 *
 * @param pointer where: an RFC 6901 JSON pointer into the request body, or the name of a query parameter
 * @param detail what is wrong, and what would be right
 */
public record FieldError(
        @Schema(example = "/network/layers/0/units") String pointer,
        @Schema(example = "must be at least 1, was 0") String detail) {

    public FieldError {
        pointer = encodable(pointer);
        detail = encodable(detail);
    }

    /** The text as it can be sent: a request may hold halves of surrogate pairs, which an answer cannot. */
    static String encodable(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    /** A JSON pointer to a member of what {@code parent} points at (RFC 6901, section 3). */
    public static String pointer(String parent, Object member) {
        return parent + "/" + String.valueOf(member).replace("~", "~0").replace("/", "~1");
    }
}
