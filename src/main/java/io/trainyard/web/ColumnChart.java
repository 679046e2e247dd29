package io.trainyard.web;

import io.trainyard.dataset.Statistics;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the training rows hold in a column.
 *
 * @param numbers null where it holds texts
 * @param bins of a histogram, as shares of the highest; empty where there are no numbers
 * @param texts the most frequent; empty where it holds numbers
 * @param more how many texts are not shown
 */
record ColumnChart(
        String name,
        long count,
        long missing,
        Statistics.@Nullable Numbers numbers,
        List<Double> bins,
        List<Bar> texts,
        int more) {

    private static final int MOST_TEXTS = 8;
    private static final int MOST_CHARTS = 60;

    /** Of the first columns; the number to be told stands before them. */
    static List<ColumnChart> of(Statistics statistics) {
        List<ColumnChart> charts = new ArrayList<>();
        if (statistics.label() != null) {
            charts.add(of(statistics.label()));
        }
        statistics.features().stream().limit(MOST_CHARTS).map(ColumnChart::of).forEach(charts::add);
        return charts;
    }

    private static ColumnChart of(Statistics.OfColumn column) {
        return column instanceof Statistics.Numbers numbers ? of(numbers) : of((Statistics.Texts) column);
    }

    private static ColumnChart of(Statistics.Numbers numbers) {
        List<Long> counts =
                numbers.histogram() == null ? List.of() : numbers.histogram().counts();
        double most = counts.stream().mapToLong(Long::longValue).max().orElse(1);
        return new ColumnChart(
                numbers.name(),
                numbers.count(),
                numbers.missing(),
                numbers,
                counts.stream().map(count -> count / most).toList(),
                List.of(),
                0);
    }

    private static ColumnChart of(Statistics.Texts texts) {
        long most = texts.counts().values().stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(1);
        List<Bar> bars = texts.counts().entrySet().stream()
                .limit(MOST_TEXTS)
                .map(entry -> new Bar(
                        entry.getKey().isEmpty() ? "(missing)" : entry.getKey(),
                        entry.getValue(),
                        (double) entry.getValue() / most))
                .toList();
        return new ColumnChart(
                texts.name(), texts.count(), texts.missing(), null, List.of(), bars, texts.distinct() - bars.size());
    }
}
