package io.trainyard.network.layer;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.problem.InvalidFieldException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Axes of an array, counted from 0; in JSON one integer or several. */
@Schema(
        description = "An axis, or several.",
        oneOf = {Integer.class, Integer[].class},
        example = "0")
public record Axes(@JsonValue List<Integer> values) {

    private static final int MAX = 4;

    public Axes {
        values = List.copyOf(values);
        if (values.isEmpty()
                || values.stream().anyMatch(axis -> axis < 0 || axis > MAX)
                || values.stream().distinct().count() < values.size()) {
            throw new InvalidFieldException("", "must be one or more different axes from 0 to " + MAX);
        }
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Axes read(JsonNode json) {
        List<Integer> values = new ArrayList<>();
        for (JsonNode value : json.isArray() ? json : List.of(json)) {
            if (!value.isIntegralNumber() || !value.canConvertToInt()) {
                throw InvalidFieldException.wrongType("must be an integer or an array of integers, was " + json);
            }
            values.add(value.intValue());
        }
        return new Axes(values);
    }
}
