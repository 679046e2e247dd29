package io.trainyard.dataset;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.springframework.core.io.ClassPathResource;

/**
 * Numeric columns and an answer for each row.
 *
 * @param columns their names
 * @param values a row each
 * @param answerName the name of the column of answers
 * @param answers the class of each row, or a number in its shortest text
 */
record Table(List<String> columns, float[][] values, String answerName, List<String> answers) {

    /** Reads a table from the jar: a header, then numbers, the answer in the last column. */
    static Table fromJar(String name) {
        List<String[]> lines;
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new ClassPathResource("datasets/" + name + ".csv").getInputStream(), StandardCharsets.UTF_8))) {
            lines = reader.lines().map(line -> line.split(",", -1)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String[] header = lines.get(0);
        int last = header.length - 1;
        List<String[]> rows = lines.subList(1, lines.size());
        return new Table(
                List.of(Arrays.copyOf(header, last)),
                rows.stream().map(cells -> numbers(cells, last)).toArray(float[][]::new),
                header[last],
                rows.stream().map(cells -> cells[last]).toList());
    }

    private static float[] numbers(String[] cells, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = Float.parseFloat(cells[i]);
        }
        return numbers;
    }

    /** The answers as numbers. */
    float[] numbers() {
        float[] numbers = new float[answers.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Float.parseFloat(answers.get(i));
        }
        return numbers;
    }
}
