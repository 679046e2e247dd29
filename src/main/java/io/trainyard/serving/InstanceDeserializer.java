package io.trainyard.serving;

import io.trainyard.encoding.Instance;
import io.trainyard.problem.InvalidFieldException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.exc.ValueInstantiationException;

/**
 * Reads an instance straight from the parser into a float array: no boxed number in between. Arrays may be flat or
 * nested, but must be rectangular.
 */
class InstanceDeserializer extends ValueDeserializer<Instance> {

    private static final int MAX_DEPTH = 4;

    @Override
    public Instance deserialize(JsonParser parser, DeserializationContext context) {
        try {
            if (parser.currentToken() == JsonToken.START_ARRAY) {
                return new ArrayReader(parser).read();
            }
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                return new Instance.Columns(columns(parser));
            }
            throw new InvalidFieldException("", "must be an array of numbers or an object of columns");
        } catch (InvalidFieldException invalid) {
            throw ValueInstantiationException.from(
                    parser, invalid.detail(), context.constructType(Instance.class), invalid);
        }
    }

    private static Map<String, @Nullable Object> columns(JsonParser parser) {
        Map<String, @Nullable Object> columns = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (value.isNumeric()) {
                columns.put(name, parser.getDoubleValue());
            } else if (value == JsonToken.VALUE_STRING) {
                columns.put(name, parser.getString());
            } else if (value == JsonToken.VALUE_NULL) {
                columns.put(name, null);
            } else if (value == JsonToken.VALUE_TRUE || value == JsonToken.VALUE_FALSE) {
                columns.put(name, value.asString());
            } else {
                throw new InvalidFieldException(name, "must be a number, a string, a boolean or null");
            }
        }
        return columns;
    }

    private static String describe(JsonToken token) {
        return switch (token) {
            case VALUE_STRING -> "a string";
            case START_OBJECT -> "an object";
            case VALUE_TRUE -> "true";
            case VALUE_FALSE -> "false";
            default -> "null";
        };
    }

    /** Reads one array, and learns its shape from its first elements. */
    private static final class ArrayReader {

        private final JsonParser parser;
        private final List<Integer> shape = new ArrayList<>();
        private float[] values = new float[1024];
        private int count;
        /** The depth at which numbers stand; 0 until the first is seen. */
        private int numberDepth;

        ArrayReader(JsonParser parser) {
            this.parser = parser;
        }

        Instance read() {
            array(1);
            return new Instance.Values(Arrays.copyOf(values, count), List.copyOf(shape));
        }

        private void array(int depth) {
            if (depth > MAX_DEPTH) {
                throw new InvalidFieldException("", "arrays are nested more than " + MAX_DEPTH + " deep");
            }
            boolean first = shape.size() < depth;
            if (first) {
                shape.add(0);
            }
            int elements = 0;
            for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                if (token == JsonToken.START_ARRAY && (numberDepth == 0 || depth < numberDepth)) {
                    array(depth + 1);
                } else if (token.isNumeric() && (numberDepth == 0 || depth == numberDepth)) {
                    numberDepth = depth;
                    append(parser.getFloatValue());
                } else {
                    throw new InvalidFieldException(
                            "",
                            token.isNumeric() || token == JsonToken.START_ARRAY
                                    ? "its nested arrays must be rectangular"
                                    : "must hold only numbers, but holds " + describe(token));
                }
                elements++;
            }
            if (first) {
                shape.set(depth - 1, elements);
            } else if (shape.get(depth - 1) != elements) {
                throw new InvalidFieldException("", "its nested arrays must all have the same length");
            }
        }

        private void append(float value) {
            if (count == values.length) {
                values = Arrays.copyOf(values, 2 * count);
            }
            values[count++] = value;
        }
    }
}
