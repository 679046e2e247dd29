package io.trainyard.web;

import io.trainyard.dataset.Statistics;
import io.trainyard.encoding.CategoricalColumn;
import io.trainyard.encoding.Column;
import io.trainyard.encoding.ColumnEncoding;
import io.trainyard.encoding.NumericColumn;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table as a field of a form.
 *
 * @param texts to choose from; null where it takes a number
 * @param optional whether a row may lack it
 * @param numbers what the training rows hold, where that is known and they are numbers
 */
record Field(String name, @Nullable List<String> texts, boolean optional, Statistics.@Nullable Numbers numbers) {

    static List<Field> of(ColumnEncoding table, @Nullable Statistics statistics) {
        Map<String, Statistics.Numbers> numbers = new HashMap<>();
        if (statistics != null) {
            for (Statistics.OfColumn column : statistics.features()) {
                if (column instanceof Statistics.Numbers known) {
                    numbers.put(known.name(), known);
                }
            }
        }
        return table.columns().stream()
                .map(column -> of(column, numbers.get(column.name())))
                .toList();
    }

    private static Field of(Column column, Statistics.@Nullable Numbers numbers) {
        if (column instanceof NumericColumn numeric) {
            return new Field(column.name(), null, numeric.missing() != null, numbers);
        }
        CategoricalColumn categorical = (CategoricalColumn) column;
        List<String> texts = categorical.values().stream()
                .filter(text -> !text.isEmpty())
                .filter(text ->
                        categorical.ignoreUnknown() || !categorical.unseen().contains(text))
                .toList();
        return new Field(column.name(), texts, categorical.missing() != null, null);
    }
}
