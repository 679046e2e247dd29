package io.trainyard.encoding;

import io.trainyard.problem.InvalidFieldException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Rows of numeric columns, each standardised to mean 0 and standard deviation 1 over the training split. */
public record ColumnEncoding(List<Column> columns) implements Encoding {

    /** One column, with the statistics of the training split. */
    public record Column(String name, double mean, double std) {

        float encode(float value) {
            return (float) ((value - mean) / (std > 0 ? std : 1));
        }
    }

    public ColumnEncoding {
        columns = List.copyOf(columns);
    }

    @Override
    public List<Integer> inputShape() {
        return List.of(columns.size());
    }

    @Override
    public String rowForm() {
        return "the columns " + names();
    }

    @Override
    public int rawSize() {
        return columns.size();
    }

    @Override
    public void encode(float[] row, int offset) {
        for (int i = 0; i < columns.size(); i++) {
            row[offset + i] = columns.get(i).encode(row[offset + i]);
        }
    }

    @Override
    public float[] raw(Instance instance) {
        if (instance instanceof Instance.Columns named) {
            return byName(named.values());
        }
        Instance.Values given = (Instance.Values) instance;
        if (!given.shape().equals(inputShape())) {
            throw new InvalidFieldException(
                    "", "has shape " + given.shape() + ", but the model takes the columns " + names());
        }
        for (int i = 0; i < given.values().length; i++) {
            finite(columns.get(i).name(), given.values()[i]);
        }
        return given.values();
    }

    private float[] byName(Map<String, Object> values) {
        for (String name : values.keySet()) {
            if (columns.stream().noneMatch(column -> column.name().equals(name))) {
                throw new InvalidFieldException(name, "is not a column of this model; it takes " + names());
            }
        }
        float[] raw = new float[columns.size()];
        for (int i = 0; i < raw.length; i++) {
            String name = columns.get(i).name();
            if (!(values.get(name) instanceof Number number)) {
                throw new InvalidFieldException(name, values.get(name) == null ? "is required" : "must be a number");
            }
            raw[i] = finite(name, number.floatValue());
        }
        return raw;
    }

    private static float finite(String name, float value) {
        if (!Float.isFinite(value)) {
            throw new InvalidFieldException(name, "must be a finite number");
        }
        return value;
    }

    private String names() {
        return columns.stream().map(Column::name).collect(Collectors.joining(", "));
    }
}
