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

    /** The same fault, seen from an enclosing object: {@code prefix} is put before the pointer. */
    public FieldError under(String prefix) {
        return new FieldError(prefix + pointer, detail);
    }
}
