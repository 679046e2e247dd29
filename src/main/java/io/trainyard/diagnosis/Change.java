package io.trainyard.diagnosis;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.StringNode;

/**
 * One operation of a JSON Patch (RFC 6902).
 *
 * @param path an RFC 6901 pointer into the job's {@code spec}
 */
public record Change(
        Operation op,
        @Schema(example = "/network/layers/5") String path,

        @Schema(implementation = Object.class, example = "{\"type\": \"dropout\", \"rate\": 0.3}")
        JsonNode value) {

    /** What is done at the path. */
    public enum Operation {
        /** A member is set, or an element inserted before the one that is there. */
        ADD,
        /** What is there gives way. */
        REPLACE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Change add(String path, JsonNode value) {
        return new Change(Operation.ADD, path, value);
    }

    static Change replace(String path, JsonNode value) {
        return new Change(Operation.REPLACE, path, value);
    }

    static Change replace(String path, double value) {
        return replace(path, DoubleNode.valueOf(value));
    }

    static Change replace(String path, int value) {
        return replace(path, IntNode.valueOf(value));
    }

    static Change replace(String path, String value) {
        return replace(path, StringNode.valueOf(value));
    }
}
