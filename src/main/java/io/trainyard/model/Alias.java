package io.trainyard.model;

import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.problem.InvalidFieldException;
import io.trainyard.problem.Names;
import java.time.Instant;
import java.util.regex.Pattern;

/** A name that points at a version of a model since some time. */
public record Alias(
        @Schema(example = "production") String alias,
        @Schema(example = "3") int version,
        Instant movedAt) {

    private static final Pattern NUMBER = Pattern.compile("[0-9]+");

    /** A version is meant by its number, by {@code latest} or by an alias: no alias may be one of the others. */
    static void checkName(String alias) {
        Names.check("alias", alias);
        if (NUMBER.matcher(alias).matches() || alias.equals("latest")) {
            throw new InvalidFieldException("alias", "must be neither a number nor 'latest', was '" + alias + "'");
        }
    }
}
