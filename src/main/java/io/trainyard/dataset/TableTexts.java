package io.trainyard.dataset;

import io.trainyard.encoding.CategoricalColumn;
import io.trainyard.encoding.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A column of one of several texts. */
final class TableTexts implements TableColumn {

    /** The category of its own that missing values have; no cell is like it. */
    private static final String NONE = "";

    private static final int MAX_NAMED = 5;

    private final String name;
    private final ColumnSpec spec;
    private final List<String> values;
    private final Map<String, Integer> indices = new HashMap<>();
    private final long[] counts;
    private boolean hasMissing;
    private boolean fittedMissing;

    /**
     * @param values all texts of all files, where the user has not named them
     */
    TableTexts(String name, ColumnSpec spec, List<String> values) {
        this.name = name;
        this.spec = spec;
        this.values = values;
        this.counts = new long[values.size()];
        for (int i = 0; i < values.size(); i++) {
            indices.put(values.get(i), i);
        }
    }

    @Override
    public int mostWidth() {
        return values.size() + 1;
    }

    @Override
    public float raw(CsvFile file, CsvCells cells, int cell) {
        Integer index = indices.get(cells.text(cell));
        if (index != null) {
            return index;
        }
        if (spec.unknown() == ColumnSpec.Unknown.IGNORE) {
            return CategoricalColumn.UNKNOWN;
        }
        throw file.file()
                .invalid(file.place(cells, cell) + cells.shown(cell) + " is none of the column's values; set unknown to"
                        + " ignore to take it for none");
    }

    @Override
    public float missing(CsvFile file, CsvCells cells, int cell) {
        if (spec.missing() == ColumnSpec.Missing.ERROR) {
            throw file.file().invalid(file.place(cells, cell) + "a value is missing");
        }
        hasMissing = true;
        return Column.MISSING;
    }

    @Override
    public void fit(float raw) {
        if (Float.isNaN(raw)) {
            fittedMissing = true;
        } else if (raw >= 0) {
            counts[(int) raw]++;
        }
    }

    @Override
    public Column fitted(Warnings warnings) {
        List<String> all = new ArrayList<>(values);
        // What its user has named is known, whatever the training split holds.
        List<String> unseen = spec.values() != null
                ? new ArrayList<>()
                : new ArrayList<>(IntStream.range(0, counts.length)
                        .filter(i -> counts[i] == 0)
                        .mapToObj(values::get)
                        .toList());
        if (!unseen.isEmpty()) {
            warnings.add(
                    "column '" + name + "' has texts that no training row has, of which the network knows nothing: "
                            + String.join(", ", unseen.subList(0, Math.min(MAX_NAMED, unseen.size())))
                            + (unseen.size() > MAX_NAMED ? "…" : ""));
        }
        String missing = whenMissing();
        if (NONE.equals(missing)) {
            all.add(NONE);
            if (!fittedMissing) {
                unseen.add(NONE);
            }
        }
        return new CategoricalColumn(
                name,
                Objects.requireNonNullElse(spec.encoding(), CategoricalColumn.Form.ONE_HOT),
                all,
                unseen,
                missing,
                spec.unknown() == ColumnSpec.Unknown.IGNORE);
    }

    private @Nullable String whenMissing() {
        ColumnSpec.Missing asked = spec.missing();
        if (asked == ColumnSpec.Missing.MOST_FREQUENT) {
            long most = Arrays.stream(counts).max().orElse(0);
            return IntStream.range(0, counts.length)
                    .filter(i -> counts[i] == most)
                    .mapToObj(values::get)
                    .findFirst()
                    .orElse(null);
        }
        return asked == ColumnSpec.Missing.CATEGORY || (asked == null && hasMissing) ? NONE : null;
    }
}
