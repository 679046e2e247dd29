package io.trainyard.encoding;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One row to predict, as a client sends it. */
public sealed interface Instance {

    /**
     * Numbers, flat or nested.
     *
     * @param values in row-major order
     * @param shape of the nesting, such as {@code [28, 28, 1]} or {@code [784]}
     */
    record Values(float[] values, List<Integer> shape) implements Instance {}

    /** Numbers and texts by column name; null where there is none. */
    record Columns(Map<String, @Nullable Object> values) implements Instance {}
}
