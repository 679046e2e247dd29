package io.trainyard.dataset;

import io.trainyard.artifact.Artifacts;
import io.trainyard.encoding.ColumnEncoding;
import io.trainyard.encoding.Encoding;
import io.trainyard.encoding.PixelEncoding;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;

/** A table from the jar: a header, numeric columns, and the class as the last column. */
class TableDataset implements BuiltInDataset {

    private static final double TEST_FRACTION = 0.2;
    private static final long SPLIT_SEED = 42;

    private final String name;
    private final String description;
    private final SplitStore store;
    private final @Nullable PixelEncoding pixels;

    /**
     * @param pixels how its columns are a picture's pixels, or null where they are measurements, to be standardised
     */
    TableDataset(String name, String description, SplitStore store, @Nullable PixelEncoding pixels) {
        this.name = name;
        this.description = description;
        this.store = store;
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
        List<String[]> lines = readLines();
        String[] header = lines.get(0);
        List<String[]> rows = lines.subList(1, lines.size());
        int columns = header.length - 1;
        List<String> classes =
                rows.stream().map(cells -> cells[columns]).distinct().sorted().toList();
        float[][] values = rows.stream().map(cells -> parse(cells, columns)).toArray(float[][]::new);
        byte[] labels = new byte[values.length];
        for (int row = 0; row < labels.length; row++) {
            labels[row] = (byte) classes.indexOf(rows.get(row)[columns]);
        }
        StratifiedSplit split = StratifiedSplit.of(labels, TEST_FRACTION, SPLIT_SEED);
        Encoding encoding = pixels != null ? pixels : standardise(header, values, split.train());
        Map<Split, SplitContent> splits = new EnumMap<>(Split.class);
        splits.put(Split.TRAIN, put(values, labels, split.train(), classes.size()));
        splits.put(Split.TEST, put(values, labels, split.test(), classes.size()));
        return new DatasetContent(encoding, classes, splits);
    }

    private static ColumnEncoding standardise(String[] header, float[][] values, int[] trainRows) {
        List<ColumnEncoding.Column> columns = new ArrayList<>();
        for (int column = 0; column < header.length - 1; column++) {
            int index = column;
            double mean = trainValues(values, trainRows, index).average().orElseThrow();
            double variance = trainValues(values, trainRows, index)
                    .map(value -> (value - mean) * (value - mean))
                    .average()
                    .orElseThrow();
            columns.add(new ColumnEncoding.Column(header[index], mean, Math.sqrt(variance)));
        }
        return new ColumnEncoding(columns);
    }

    private static DoubleStream trainValues(float[][] values, int[] trainRows, int column) {
        return IntStream.of(trainRows).mapToDouble(row -> values[row][column]);
    }

    private SplitContent put(float[][] values, byte[] labels, int[] rows, int classes) {
        int width = values[0].length;
        byte[] splitLabels = new byte[rows.length];
        float[] flat = new float[rows.length * width];
        for (int i = 0; i < rows.length; i++) {
            splitLabels[i] = labels[rows[i]];
            System.arraycopy(values[rows[i]], 0, flat, i * width, width);
        }
        Artifacts.Content features = pixels == null
                ? out -> Idx.writeFloats(out, flat, rows.length, width)
                : out -> Idx.writeBytes(out, toBytes(flat), rows.length, width);
        return store.put(features, splitLabels, classes);
    }

    private static byte[] toBytes(float[] values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static float[] parse(String[] cells, int columns) {
        float[] row = new float[columns];
        for (int i = 0; i < columns; i++) {
            row[i] = Float.parseFloat(cells[i]);
        }
        return row;
    }

    private List<String[]> readLines() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new ClassPathResource("datasets/" + name + ".csv").getInputStream(), StandardCharsets.UTF_8))) {
            return reader.lines().map(line -> line.split(",", -1)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
