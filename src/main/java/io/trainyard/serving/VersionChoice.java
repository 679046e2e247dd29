package io.trainyard.serving;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.problem.InvalidFieldException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Which version of a model is meant.
 *
 * @param number null for the newest
 */
@Schema(
        description = "A version's number, or `latest`.",
        oneOf = {Integer.class, String.class},
        example = "latest")
record VersionChoice(@Nullable Integer number) {

    static final VersionChoice LATEST = new VersionChoice(null);

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static VersionChoice read(JsonNode json) {
        String text = json.isString() ? json.stringValue() : json.toString();
        if (text.equals("latest")) {
            return LATEST;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= 1) {
                return new VersionChoice(number);
            }
        } catch (NumberFormatException e) {
            // falls through to the one message for both
        }
        throw new InvalidFieldException("", "must be a version's number, from 1 on, or 'latest', was " + json);
    }
}
