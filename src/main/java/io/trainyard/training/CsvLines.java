package io.trainyard.training;

import io.trainyard.encoding.Ranking;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;

/** Predictions as CSV: {@code row,label,predicted,probability,probability_<class>…}, or {@code row,label,value}. */
record CsvLines(List<String> classes) implements PredictionLines {

    private static final CSVFormat FORMAT = CSVFormat.RFC4180;
    private static final int COLUMNS_BEFORE_CLASSES = 4;

    @Override
    public void begin(Writer out) throws IOException {
        Stream<String> header = classes.isEmpty()
                ? Stream.of("row", "label", "value")
                : Stream.concat(
                        Stream.of("row", "label", "predicted", "probability"),
                        // A class may be called "row".
                        classes.stream().map(name -> "probability_" + name));
        FORMAT.printRecord(out, header.toArray());
    }

    @Override
    public void write(Writer out, int row, Object label, float[] answers, int offset) throws IOException {
        if (classes.isEmpty()) {
            FORMAT.printRecord(out, row, label, answers[offset]);
            return;
        }
        int best = Ranking.best(answers, offset, classes.size(), 1)[0];
        Object[] cells = new Object[COLUMNS_BEFORE_CLASSES + classes.size()];
        cells[0] = row;
        cells[1] = label;
        cells[2] = classes.get(best);
        cells[3] = answers[offset + best];
        for (int i = 0; i < classes.size(); i++) {
            cells[COLUMNS_BEFORE_CLASSES + i] = answers[offset + i];
        }
        FORMAT.printRecord(out, cells);
    }
}
