package io.trainyard.web;

import io.trainyard.dataset.DatasetVersion;
import io.trainyard.dataset.Datasets;
import io.trainyard.dataset.Rows;
import io.trainyard.dataset.Split;
import io.trainyard.encoding.ColumnEncoding;
import io.trainyard.encoding.Encoding;
import io.trainyard.encoding.Instance;
import io.trainyard.encoding.NumericColumn;
import io.trainyard.encoding.Thumbnail;
import io.trainyard.model.DatasetReference;
import io.trainyard.problem.ProblemException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a version was evaluated on, as people can look at them.
 *
 * @param absence why there are none to look at; null where there are
 */
record HeldOutRows(
        Encoding encoding, @Nullable Rows rows, @Nullable String absence) {

    /** Of a row of a table. */
    private static final int MOST_VALUES = 12;

    private static final String NUMBER = "number";

    /** The held-out split of a dataset version, or the reason why it cannot be read. */
    static HeldOutRows of(DatasetReference reference, Encoding encoding, Datasets datasets) {
        String name = reference.name() + " version " + reference.version();
        try {
            DatasetVersion dataset = datasets.resolve(reference.name(), reference.version());
            return dataset.sha256().equals(reference.sha256())
                    ? new HeldOutRows(dataset.encoding(), datasets.look(dataset, Split.TEST), null)
                    : new HeldOutRows(encoding, null, name + " is not what it was when this version was trained.");
        } catch (ProblemException gone) {
            return new HeldOutRows(encoding, null, name + " cannot be read: " + gone.detail());
        } catch (UncheckedIOException unreadable) {
            return new HeldOutRows(encoding, null, "The files of " + name + " cannot be read.");
        }
    }

    /** Without rows. */
    static HeldOutRows none(Encoding encoding) {
        return new HeldOutRows(encoding, null, null);
    }

    public boolean arePictures() {
        return rows != null && Thumbnail.isPossible(encoding);
    }

    /** A row as a PNG in a data URI. */
    @Nullable
    String picture(int row) {
        return rows == null || !arePictures() ? null : Thumbnail.dataUri(rows.raw(row), encoding);
    }

    /**
     * A value of a row.
     *
     * @param look its class in the style sheet
     */
    record Column(String name, String look) {}

    /** The values of a row: the first of them, where there are many. */
    public List<Column> columns() {
        if (rows == null || arePictures()) {
            return List.of();
        }
        if (encoding instanceof ColumnEncoding named) {
            return named.columns().stream()
                    .limit(MOST_VALUES)
                    .map(column -> new Column(column.name(), column instanceof NumericColumn ? NUMBER : "text"))
                    .toList();
        }
        return IntStream.rangeClosed(1, Math.min(MOST_VALUES, encoding.rawSize()))
                .mapToObj(place -> new Column(String.valueOf(place), NUMBER))
                .toList();
    }

    /** How many values of a row have no column here. */
    public int hidden() {
        return rows == null || arePictures() ? 0 : Math.max(0, encoding.rawSize() - MOST_VALUES);
    }

    /** What a row has in these columns; null where one is missing. */
    List<@Nullable Object> values(int row) {
        List<@Nullable Object> values = new ArrayList<>();
        if (rows != null && !arePictures()) {
            if (encoding.instance(rows.raw(row)) instanceof Instance.Columns named) {
                named.values().values().stream().limit(MOST_VALUES).forEach(values::add);
            } else {
                float[] raw = rows.raw(row);
                for (int i = 0; i < Math.min(MOST_VALUES, raw.length); i++) {
                    values.add(raw[i]);
                }
            }
        }
        return values;
    }

    /** What a client may send: the first row, or one of zeros. */
    Instance example() {
        return encoding.instance(rows == null ? new float[encoding.rawSize()] : rows.raw(0));
    }
}
