package io.trainyard.serving;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.problem.InvalidFieldException;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Which version of a model is meant. */
@Schema(
        description = "A version's number, an alias, or `latest`.",
        oneOf = {Integer.class, String.class},
        example = "latest")
sealed interface VersionChoice {

    Pattern NUMBER = Pattern.compile("[0-9]+");

    /** The newest. */
    record Latest() implements VersionChoice {}

    /** That of a number. */
    record Numbered(int number) implements VersionChoice {}

    /** The one at which an alias points. */
    record Aliased(String alias) implements VersionChoice {}

    VersionChoice LATEST = new Latest();

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static VersionChoice read(JsonNode json) {
        String text = json.isString() ? json.stringValue() : json.toString();
        if (text.equals("latest")) {
            return LATEST;
        }
        if (json.isString() && !text.isEmpty() && !NUMBER.matcher(text).matches()) {
            return new Aliased(text);
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= 1) {
                return new Numbered(number);
            }
        } catch (NumberFormatException e) {
            // falls through to the one message for both
        }
        throw new InvalidFieldException(
                "", "must be a version's number, from 1 on, an alias, or 'latest', was " + json);
    }
}
