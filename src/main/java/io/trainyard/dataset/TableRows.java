package io.trainyard.dataset;

import io.trainyard.encoding.Target;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The rows of a table as raw values, in a second reading. */
final class TableRows {

    private final TableProfile profile;
    private final TableColumn[] columns;
    private final int[] places;
    private final Map<String, Integer> classes = new HashMap<>();
    private final boolean quantity;

    /**
     * @param places where the columns stand in a file
     */
    TableRows(TableProfile profile, Target target, List<TableColumn> columns, List<Integer> places) {
        this.profile = profile;
        this.columns = columns.toArray(TableColumn[]::new);
        this.places = places.stream().mapToInt(Integer::intValue).toArray();
        this.quantity = target instanceof Target.Quantity;
        for (String name : target.classes()) {
            classes.put(name, classes.size());
        }
    }

    /** Takes a row; the array is another's afterwards. */
    @FunctionalInterface
    interface RowConsumer {
        void accept(float[] values, float label) throws IOException;
    }

    /** The number of raw values in a row. */
    int size() {
        return columns.length;
    }

    /**
     * Reads a file.
     *
     * @throws io.trainyard.problem.ProblemException INVALID_DATASET
     */
    void read(CsvFile file, RowConsumer consumer) throws IOException {
        float[] values = new float[columns.length];
        for (CsvCells cells = file.next(); cells != null; cells = file.next()) {
            if (profile.isDropped(cells)) {
                continue;
            }
            for (int i = 0; i < columns.length; i++) {
                values[i] = profile.isMissing(cells, places[i])
                        ? columns[i].missing(file, cells, places[i])
                        : columns[i].raw(file, cells, places[i]);
            }
            consumer.accept(values, label(file, cells));
        }
    }

    private float label(CsvFile file, CsvCells cells) {
        int place = profile.label();
        if (!quantity) {
            return Objects.requireNonNull(classes.get(cells.text(place)));
        }
        if (!cells.isNumber(place)) {
            throw file.file()
                    .invalid(file.place(cells, place) + cells.shown(place)
                            + " is not a finite number, as a label of a regression must be");
        }
        float number = cells.number(place);
        if (Float.isInfinite(number)) {
            throw file.file().invalid(file.place(cells, place) + cells.shown(place) + " is beyond 32-bit numbers");
        }
        return number;
    }

    /** Takes in a row of the training split. */
    void fit(float[] values) {
        for (int i = 0; i < columns.length; i++) {
            columns[i].fit(values[i]);
        }
    }
}
