package io.trainyard.dataset;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.encoding.CategoricalColumn;
import io.trainyard.encoding.Column;
import io.trainyard.encoding.ColumnEncoding;
import io.trainyard.encoding.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What the raw values of the training split are like.
 *
 * @param features of each column; of pictures one, over all pixels
 * @param label of the number to be told; null where there are classes, whose rows are counted in the splits
 */
public record Statistics(List<OfColumn> features, @Nullable Numbers label) {

    private static final int BINS = 20;
    private static final int MOST_VALUES = 100;

    /** Of one column. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Numbers.class, name = "numeric"),
        @JsonSubTypes.Type(value = Texts.class, name = "categorical"),
    })
    public sealed interface OfColumn permits Numbers, Texts {

        String name();
    }

    /**
     * @param count of values that are not missing
     * @param std the population's
     */
    @Schema(name = "NumericStatistics")
    public record Numbers(
            @Schema(example = "sepal_length") String name,
            @Schema(example = "120") long count,
            @Schema(example = "0") long missing,
            @Nullable Double min,
            @Nullable Double max,
            @Nullable Double mean,
            @Nullable Double std,
            @Nullable Histogram histogram)
            implements OfColumn {}

    /**
     * Bins of the same width; each holds its lower edge, the last its upper one too.
     *
     * @param edges one more than counts
     */
    public record Histogram(List<Double> edges, List<Long> counts) {}

    /**
     * @param distinct how many texts there are
     * @param counts rows of each, the most frequent first; at most a hundred texts
     */
    @Schema(name = "CategoricalStatistics")
    public record Texts(
            @Schema(example = "city") String name,
            @Schema(example = "120") long count,
            @Schema(example = "0") long missing,
            @Schema(example = "3") int distinct,

            @Schema(example = "{\"Paris\": 50, \"Rome\": 40}")
            Map<String, Long> counts)
            implements OfColumn {}

    static Statistics of(Rows rows, DatasetContent content) {
        List<Collector> collectors = collectors(rows, content);
        NumberCollector label = content.target() instanceof Target.Quantity quantity
                ? new NumberCollector(quantity.name(), rows.rawSize(), rows.rawSize() + 1)
                : null;
        float[] values = new float[rows.rawSize() + 1];
        // Where the bins lie is known after a first pass.
        for (int pass = 0; pass < 2; pass++) {
            for (int row = 0; row < rows.count(); row++) {
                rows.copyRaw(row, values, 0);
                values[rows.rawSize()] = rows.target(row);
                for (Collector collector : collectors) {
                    collector.add(values, pass);
                }
                if (label != null) {
                    label.add(values, pass);
                }
            }
        }
        return new Statistics(
                collectors.stream().map(Collector::collected).toList(), label == null ? null : label.collected());
    }

    private static List<Collector> collectors(Rows rows, DatasetContent content) {
        if (!(content.encoding() instanceof ColumnEncoding table)) {
            return List.of(new NumberCollector("pixels", 0, rows.rawSize()));
        }
        List<Collector> collectors = new ArrayList<>();
        for (int i = 0; i < table.columns().size(); i++) {
            Column column = table.columns().get(i);
            collectors.add(
                    column instanceof CategoricalColumn texts
                            ? new TextCollector(texts, i)
                            : new NumberCollector(column.name(), i, i + 1));
        }
        return collectors;
    }

    private sealed interface Collector permits NumberCollector, TextCollector {

        void add(float[] row, int pass);

        OfColumn collected();
    }

    /** Of the values of a row from one index to another. */
    private static final class NumberCollector implements Collector {

        private final String name;
        private final int from;
        private final int to;
        private final long[] bins = new long[BINS];
        private long count;
        private long missing;
        private double min = Double.POSITIVE_INFINITY;
        private double max = Double.NEGATIVE_INFINITY;
        private final Moments moments = new Moments();

        NumberCollector(String name, int from, int to) {
            this.name = name;
            this.from = from;
            this.to = to;
        }

        @Override
        public void add(float[] row, int pass) {
            for (int i = from; i < to; i++) {
                float value = row[i];
                if (Float.isNaN(value)) {
                    missing += pass == 0 ? 1 : 0;
                } else if (pass == 0) {
                    count++;
                    min = Math.min(min, value);
                    max = Math.max(max, value);
                    moments.add(value);
                } else {
                    int bin = max > min ? (int) ((value - min) / (max - min) * BINS) : 0;
                    bins[Math.min(BINS - 1, bin)]++;
                }
            }
        }

        @Override
        public Numbers collected() {
            if (count == 0) {
                return new Numbers(name, 0, missing, null, null, null, null, null);
            }
            Histogram histogram = new Histogram(
                    IntStream.rangeClosed(0, BINS)
                            .mapToObj(i -> i == BINS ? max : min + (max - min) * i / BINS)
                            .toList(),
                    Arrays.stream(bins).boxed().toList());
            return new Numbers(name, count, missing, min, max, moments.mean(), moments.std(), histogram);
        }
    }

    private static final class TextCollector implements Collector {

        private final CategoricalColumn column;
        private final int index;
        private final long[] counts;
        private long missing;
        private long unknown;

        TextCollector(CategoricalColumn column, int index) {
            this.column = column;
            this.index = index;
            this.counts = new long[column.values().size()];
        }

        @Override
        public void add(float[] row, int pass) {
            if (pass > 0) {
                return;
            }
            float value = row[index];
            if (Float.isNaN(value)) {
                missing++;
            } else if (value < 0) {
                unknown++;
            } else {
                counts[(int) value]++;
            }
        }

        @Override
        public Texts collected() {
            Map<String, Long> most = new LinkedHashMap<>();
            IntStream.range(0, counts.length)
                    .filter(i -> counts[i] > 0)
                    .boxed()
                    .sorted(Comparator.comparingLong((Integer i) -> counts[i]).reversed())
                    .limit(MOST_VALUES)
                    .forEach(i -> most.put(column.values().get(i), counts[i]));
            long known = Arrays.stream(counts).sum();
            int distinct =
                    (int) Arrays.stream(counts).filter(count -> count > 0).count();
            return new Texts(column.name(), known + unknown, missing, distinct, most);
        }
    }
}
