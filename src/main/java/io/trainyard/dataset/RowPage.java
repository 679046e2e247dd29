package io.trainyard.dataset;

import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.encoding.Encoding;
import io.trainyard.encoding.Instance;
import io.trainyard.encoding.Thumbnail;
import io.trainyard.problem.InvalidFieldException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of rows. */
public record RowPage(int total, int offset, List<RowView> items) {

    /**
     * One row.
     *
     * @param label its class, or its number
     * @param instance its raw values, in the form that {@code POST /predict} takes
     * @param image a PNG as a data URI, where it was asked for
     */
    public record RowView(
            int row,
            @Schema(example = "7") Object label,
            Object instance,
            @Nullable String image) {

        static RowView of(DatasetVersion version, Rows rows, int row, boolean image) {
            float[] raw = rows.raw(row);
            return new RowView(
                    row,
                    version.target().label(rows.target(row)),
                    json(version.encoding().instance(raw)),
                    image ? image(raw, version.encoding()) : null);
        }

        private static String image(float[] raw, Encoding encoding) {
            try {
                return Thumbnail.dataUri(raw, encoding);
            } catch (InvalidFieldException noPicture) {
                throw new InvalidFieldException("images", noPicture.detail());
            }
        }

        private static Object json(Instance row) {
            if (row instanceof Instance.Columns named) {
                return named.values();
            }
            float[] values = ((Instance.Values) row).values();
            List<Integer> pixels = new ArrayList<>(values.length);
            for (float value : values) {
                pixels.add((int) value);
            }
            return pixels;
        }
    }
}
