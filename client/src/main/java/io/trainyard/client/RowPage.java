package io.trainyard.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of a split's rows.
 *
 * @param total how many there are
 * @param offset how many come before these
 */
public record RowPage(int total, int offset, List<Row> items) {

    /**
     * One row.
     *
     * @param label its class, or its number
     * @param instance its raw values, as {@link PredictRequest} takes them
     * @param image a PNG as a data URI, where it was asked for
     */
    public record Row(
            int row,
            Object label,
            Object instance,
            @Nullable String image) {}
}
