package io.trainyard.model;

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
public sealed interface VersionChoice {

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
        return json.isString() ? parse(json.stringValue(), "") : number(json.toString(), "");
    }

    /** Reads what stands in an address or a query as {@code version}. */
    static VersionChoice of(String text) {
        return parse(text, "version");
    }

    private static VersionChoice parse(String text, String field) {
        if (text.equals("latest")) {
            return LATEST;
        }
        return text.isEmpty() || NUMBER.matcher(text).matches() ? number(text, field) : new Aliased(text);
    }

    private static Numbered number(String text, String field) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 1) {
                return new Numbered(number);
            }
        } catch (NumberFormatException e) {
            // falls through to the one message for both
        }
        throw new InvalidFieldException(
                field, "must be a version's number, from 1 on, an alias, or 'latest', was '" + text + "'");
    }
}
