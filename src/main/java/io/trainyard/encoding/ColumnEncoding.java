package io.trainyard.encoding;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.trainyard.problem.InvalidFieldException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a table, each column encoded by itself.
 *
 * @param missingValues texts that say that there is no value, beside the empty one; null for none
 */
public record ColumnEncoding(List<Column> columns, @Nullable List<String> missingValues) implements Encoding {

    public ColumnEncoding {
        columns = List.copyOf(columns);
        missingValues = missingValues == null ? null : List.copyOf(missingValues);
    }

    /** Whether a text says that there is no value. */
    public boolean isMissing(String text) {
        return text.isEmpty() || (missingValues != null && missingValues.contains(text));
    }

    @Override
    public List<Integer> inputShape() {
        return List.of(columns.stream().mapToInt(Column::width).sum());
    }

    @Override
    public String rowForm() {
        return "the columns " + names();
    }

    @Override
    public OptionalInt wholeBelow() {
        return columns.stream().allMatch(column -> column instanceof CategoricalColumn texts && texts.isAlwaysAPlace())
                ? columns.stream()
                        .mapToInt(
                                column -> ((CategoricalColumn) column).values().size())
                        .max()
                : OptionalInt.empty();
    }

    @Override
    public int rawSize() {
        return columns.size();
    }

    @Override
    public void encode(float[] row, int offset) {
        // From the last to the first: a column's inputs never lie before its raw value, so none is lost.
        int end = offset;
        for (Column column : columns) {
            end += column.width();
        }
        for (int i = columns.size() - 1; i >= 0; i--) {
            Column column = columns.get(i);
            end -= column.width();
            column.encode(row[offset + i], row, end);
        }
    }

    @Override
    public float[] raw(Instance instance) {
        if (instance instanceof Instance.Columns named) {
            return byName(named.values());
        }
        Instance.Values given = (Instance.Values) instance;
        if (!isNumeric()) {
            throw new InvalidFieldException(
                    "", "must name its columns, since some hold texts; the model takes the columns " + names());
        }
        if (!given.shape().equals(List.of(rawSize()))) {
            throw new InvalidFieldException(
                    "", "has shape " + given.shape() + ", but the model takes the columns " + names());
        }
        float[] raw = new float[rawSize()];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = columns.get(i).raw(given.values()[i]);
        }
        return raw;
    }

    @Override
    public Instance instance(float[] raw) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (int i = 0; i < raw.length; i++) {
            values.put(columns.get(i).name(), columns.get(i).value(raw[i]));
        }
        return new Instance.Columns(values);
    }

    /** Whether no column holds texts. */
    @JsonIgnore
    public boolean isNumeric() {
        return columns.stream().allMatch(NumericColumn.class::isInstance);
    }

    /** Whether a column of that name holds texts. */
    public boolean isCategorical(String name) {
        return columns.stream()
                .anyMatch(column ->
                        column instanceof CategoricalColumn && column.name().equals(name));
    }

    private float[] byName(Map<String, @Nullable Object> values) {
        long known = columns.stream()
                .filter(column -> values.containsKey(column.name()))
                .count();
        if (known < values.size()) {
            Set<String> others = new LinkedHashSet<>(values.keySet());
            columns.forEach(column -> others.remove(column.name()));
            throw new InvalidFieldException(
                    others.iterator().next(), "is not a column of this model; it takes " + names());
        }
        float[] raw = new float[columns.size()];
        for (int i = 0; i < raw.length; i++) {
            Object value = values.get(columns.get(i).name());
            raw[i] = columns.get(i).raw(value instanceof String text && isMissing(text) ? null : value);
        }
        return raw;
    }

    private String names() {
        return columns.stream().map(Column::name).collect(Collectors.joining(", "));
    }
}
