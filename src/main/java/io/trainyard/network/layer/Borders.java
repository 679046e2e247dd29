package io.trainyard.network.layer;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.problem.InvalidFieldException;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What is added around a picture, in rows and columns; in JSON one of Keras' three forms. */
@Schema(
        description = "An integer for all sides, `[height, width]`, or `[[top, bottom], [left, right]]`.",
        oneOf = {Integer.class, Integer[].class, Integer[][].class},
        example = "1")
public record Borders(int top, int bottom, int left, int right) {

    private static final String FORMS = "must be an integer, [height, width] or [[top, bottom], [left, right]], was ";

    public Borders {
        for (int side : new int[] {top, bottom, left, right}) {
            if (side < 0 || side > Size2d.MAX) {
                throw new InvalidFieldException("", "must be from 0 to " + Size2d.MAX + ", was " + side);
            }
        }
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Borders read(JsonNode json) {
        if (json.isArray()) {
            if (json.size() != 2) {
                throw new InvalidFieldException("", FORMS + json);
            }
            return new Borders(side(json, 0, 0), side(json, 0, 1), side(json, 1, 0), side(json, 1, 1));
        }
        int all = integer(json, json);
        return new Borders(all, all, all, all);
    }

    private static int side(JsonNode json, int axis, int end) {
        JsonNode sides = json.get(axis);
        if (!sides.isArray()) {
            return integer(sides, json);
        }
        if (sides.size() != 2) {
            throw new InvalidFieldException("", FORMS + json);
        }
        return integer(sides.get(end), json);
    }

    private static int integer(JsonNode value, JsonNode whole) {
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw InvalidFieldException.wrongType(FORMS + whole);
        }
        return value.intValue();
    }

    @JsonValue
    List<List<Integer>> write() {
        return List.of(List.of(top, bottom), List.of(left, right));
    }
}
