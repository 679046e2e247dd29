package io.trainyard.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong, by RFC 9457.
 *
 * @param type which kind of error it is; stable
 * @param errors the fields at fault
 */
public record Problem(
        String type,
        String title,
        int status,
        @Nullable String detail,
        @Nullable String instance,
        @Nullable List<FieldError> errors) {

    /**
     * A field at fault.
     *
     * @param pointer into the request, by RFC 6901; a parameter's name where it is one
     */
    public record FieldError(String pointer, String detail) {}
}
