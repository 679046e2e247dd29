package io.trainyard.serving;

import io.trainyard.problem.InvalidFieldException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.exc.ValueInstantiationException;

/** The elements of a tensor in row-major order. */
@JsonDeserialize(using = TensorData.Deserializer.class)
sealed interface TensorData {

    int count();

    /** Elements as the nearest floats; true is 1. */
    record Numbers(float[] values) implements TensorData {
        @Override
        public int count() {
            return values.length;
        }
    }

    record Texts(List<String> values) implements TensorData {
        @Override
        public int count() {
            return values.size();
        }
    }

    /**
     * Reads the binary form.
     *
     * @throws InvalidFieldException when the bytes are not whole elements
     */
    static TensorData of(TensorType type, ByteBuffer data) {
        if (type == TensorType.BYTES) {
            return texts(data);
        }
        if (data.remaining() % type.size() != 0) {
            throw new InvalidFieldException("", "are " + data.remaining() + " bytes, which are not whole " + type);
        }
        float[] values = new float[data.remaining() / type.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = type.read(data);
        }
        return new Numbers(values);
    }

    private static Texts texts(ByteBuffer data) {
        List<String> values = new ArrayList<>();
        try {
            while (data.hasRemaining()) {
                int length = data.getInt();
                if (length < 0 || length > data.remaining()) {
                    throw new InvalidFieldException("", "hold a text that is longer than what is left of them");
                }
                values.add(StandardCharsets.UTF_8
                        .decode(data.slice(data.position(), length))
                        .toString());
                data.position(data.position() + length);
            }
        } catch (BufferUnderflowException cut) {
            throw new InvalidFieldException("", "end within the length of a text");
        }
        return new Texts(List.copyOf(values));
    }

    /** Reads an array, flat or nested, straight from the parser: no boxed number in between. */
    final class Deserializer extends ValueDeserializer<TensorData> {

        private static final int MAX_DEPTH = 8;

        @Override
        public TensorData deserialize(JsonParser parser, DeserializationContext context) {
            try {
                if (parser.currentToken() != JsonToken.START_ARRAY) {
                    throw new InvalidFieldException("", "must be an array");
                }
                return new Reader(parser).read();
            } catch (InvalidFieldException invalid) {
                throw ValueInstantiationException.from(
                        parser, invalid.detail(), context.constructType(TensorData.class), invalid);
            }
        }

        private static final class Reader {

            private final JsonParser parser;
            private final List<String> texts = new ArrayList<>();
            private float[] numbers = new float[1024];
            private int count;

            Reader(JsonParser parser) {
                this.parser = parser;
            }

            TensorData read() {
                array(1);
                if (count > 0 && !texts.isEmpty()) {
                    throw new InvalidFieldException("", "must hold either numbers or texts");
                }
                return texts.isEmpty() ? new Numbers(Arrays.copyOf(numbers, count)) : new Texts(List.copyOf(texts));
            }

            private void array(int depth) {
                if (depth > MAX_DEPTH) {
                    throw new InvalidFieldException("", "is nested more than " + MAX_DEPTH + " deep");
                }
                for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                    switch (token) {
                        case START_ARRAY -> array(depth + 1);
                        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> append(parser.getFloatValue());
                        case VALUE_TRUE -> append(1);
                        case VALUE_FALSE -> append(0);
                        case VALUE_STRING -> texts.add(parser.getString());
                        default -> throw new InvalidFieldException("", "must hold numbers, texts, true and false only");
                    }
                }
            }

            private void append(float value) {
                if (count == numbers.length) {
                    numbers = Arrays.copyOf(numbers, 2 * count);
                }
                numbers[count++] = value;
            }
        }
    }
}
