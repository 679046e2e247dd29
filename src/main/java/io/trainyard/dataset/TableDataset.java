package io.trainyard.dataset;

import io.trainyard.artifact.Content;
import io.trainyard.encoding.Column;
import io.trainyard.encoding.ColumnEncoding;
import io.trainyard.encoding.Encoding;
import io.trainyard.encoding.NumericColumn;
import io.trainyard.encoding.PixelEncoding;
import io.trainyard.encoding.Target;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A table that comes with the service, divided into a training and a test part by a fixed seed. */
class TableDataset implements BuiltInDataset {

    private static final double TEST_FRACTION = 0.2;
    private static final long SPLIT_SEED = 42;

    private final String name;
    private final String description;
    private final SplitStore store;
    private final Supplier<Table> source;
    private final boolean numeric;
    private final @Nullable PixelEncoding pixels;

    /**
     * @param numeric whether the answers are numbers, rather than classes
     * @param pixels how its columns are a picture's pixels, or null where they are measurements, to be standardised
     */
    TableDataset(
            String name,
            String description,
            SplitStore store,
            Supplier<Table> source,
            boolean numeric,
            @Nullable PixelEncoding pixels) {
        this.name = name;
        this.description = description;
        this.store = store;
        this.source = source;
        this.numeric = numeric;
        this.pixels = pixels;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public DatasetContent ingest() {
        Table table = source.get();
        List<String> classes = numeric
                ? List.of()
                : table.answers().stream().distinct().sorted().toList();
        byte[] labels = new byte[table.values().length];
        for (int row = 0; row < labels.length && !numeric; row++) {
            labels[row] = (byte) classes.indexOf(table.answers().get(row));
        }
        StratifiedSplit split = StratifiedSplit.of(labels, TEST_FRACTION, SPLIT_SEED);
        Encoding encoding = pixels != null ? pixels : standardise(table, split.train());
        Function<int[], SplitContent> put = rows -> numeric
                ? store.put(features(table, rows), numbers(table.numbers(), rows))
                : store.put(features(table, rows), labels(labels, rows), classes.size());
        Map<Split, SplitContent> splits = new EnumMap<>(Split.class);
        splits.put(Split.TRAIN, put.apply(split.train()));
        splits.put(Split.TEST, put.apply(split.test()));
        Target target = numeric ? new Target.Quantity(table.answerName()) : new Target.Classes(classes);
        return new DatasetContent(encoding, target, splits);
    }

    private static ColumnEncoding standardise(Table table, int[] trainRows) {
        List<Column> columns = new ArrayList<>();
        for (int column = 0; column < table.columns().size(); column++) {
            int index = column;
            double mean = trainValues(table, trainRows, index).average().orElseThrow();
            double variance = trainValues(table, trainRows, index)
                    .map(value -> (value - mean) * (value - mean))
                    .average()
                    .orElseThrow();
            columns.add(new NumericColumn(table.columns().get(index), mean, Math.sqrt(variance), null));
        }
        return new ColumnEncoding(columns, null);
    }

    private static DoubleStream trainValues(Table table, int[] trainRows, int column) {
        return IntStream.of(trainRows).mapToDouble(row -> table.values()[row][column]);
    }

    private Content features(Table table, int[] rows) {
        int width = table.columns().size();
        float[] flat = new float[rows.length * width];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(table.values()[rows[i]], 0, flat, i * width, width);
        }
        return pixels == null
                ? out -> Idx.writeFloats(out, flat, rows.length, width)
                : out -> Idx.writeBytes(out, toBytes(flat), rows.length, width);
    }

    private static byte[] labels(byte[] labels, int[] rows) {
        byte[] chosen = new byte[rows.length];
        for (int i = 0; i < rows.length; i++) {
            chosen[i] = labels[rows[i]];
        }
        return chosen;
    }

    private static float[] numbers(float[] numbers, int[] rows) {
        float[] chosen = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            chosen[i] = numbers[rows[i]];
        }
        return chosen;
    }

    private static byte[] toBytes(float[] values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
