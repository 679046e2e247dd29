package io.trainyard.problem;

import io.swagger.v3.oas.annotations.media.Schema;

/**
 * One fault in a request.
 *
 * @param pointer where: an RFC 6901 JSON pointer into the request body, or the name of a query parameter
 * @param detail what is wrong, and what would be right
 */
public record FieldError(
        @Schema(example = "/network/layers/0/units") String pointer,
        @Schema(example = "must be at least 1, was 0") String detail) {

    /** A JSON pointer to a member of what {@code parent} points at (RFC 6901, section 3). */
    public static String pointer(String parent, Object member) {
        return parent + "/" + String.valueOf(member).replace("~", "~0").replace("/", "~1");
    }
}
