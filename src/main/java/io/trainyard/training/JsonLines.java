package io.trainyard.training;

import io.trainyard.encoding.Ranking;
import java.io.IOException;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Predictions as JSON Lines: an object a row, each line ended by a line feed. */
record JsonLines(List<String> classes, JsonMapper json) implements PredictionLines {

    /** What is told of a row by its class. */
    private record ClassLine(
            int row, Object label, String predicted, float probability, Map<String, Float> probabilities) {}

    /** What is told of a row by a number. */
    private record NumberLine(int row, Object label, float value) {}

    @Override
    public void begin(Writer out) {
        // Each line says what it holds.
    }

    @Override
    public void write(Writer out, int row, Object label, float[] answers, int offset) throws IOException {
        out.write(json.writeValueAsString(
                classes.isEmpty() ? new NumberLine(row, label, answers[offset]) : line(row, label, answers, offset)));
        out.write('\n');
    }

    private ClassLine line(int row, Object label, float[] answers, int offset) {
        int best = Ranking.best(answers, offset, classes.size(), 1)[0];
        Map<String, Float> probabilities = new LinkedHashMap<>();
        for (int i = 0; i < classes.size(); i++) {
            probabilities.put(classes.get(i), answers[offset + i]);
        }
        return new ClassLine(row, label, classes.get(best), answers[offset + best], probabilities);
    }
}
