package io.trainyard.network.layer;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.problem.InvalidFieldException;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Height and width of a kernel, window or stride; in JSON an integer for both, or {@code [height, width]}. */
@Schema(
        description = "An integer for both height and width, or `[height, width]`.",
        oneOf = {Integer.class, Integer[].class},
        example = "3")
public record Size2d(int height, int width) {

    static final int MAX = 1024;

    public Size2d {
        if (height < 1 || width < 1 || height > MAX || width > MAX) {
            throw new InvalidFieldException("", "must be from 1 to " + MAX + ", was [" + height + ", " + width + "]");
        }
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Size2d read(JsonNode json) {
        if (isInt(json)) {
            return new Size2d(json.intValue(), json.intValue());
        }
        if (!json.isArray()) {
            throw InvalidFieldException.wrongType("must be an integer or [height, width], was " + json);
        }
        if (json.size() != 2 || !isInt(json.get(0)) || !isInt(json.get(1))) {
            throw new InvalidFieldException("", "must be an integer or [height, width], was " + json);
        }
        return new Size2d(json.get(0).intValue(), json.get(1).intValue());
    }

    private static boolean isInt(JsonNode json) {
        return json.isIntegralNumber() && json.canConvertToInt();
    }

    @JsonValue
    List<Integer> write() {
        return List.of(height, width);
    }
}
