package io.trainyard.dataset;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a column of a table holds, as a first reading finds it. */
final class ColumnProfile {

    /** Of a column that holds numbers but for a few cells, those are faults, not texts. */
    private static final double NUMBERS = 0.95;

    private final String name;
    private final int mostTexts;
    private long present;
    private long missing;
    private long numbers;
    private boolean whole = true;
    private boolean onlyNumbers = true;
    private @Nullable String fault;
    /** Rows of each text; null where there are more texts than can be told apart. */
    private @Nullable Map<String, Integer> texts = new HashMap<>();

    /**
     * @param mostTexts that are told apart
     */
    ColumnProfile(String name, int mostTexts) {
        this.name = name;
        this.mostTexts = mostTexts;
    }

    void missing() {
        missing++;
    }

    /**
     * Takes in a cell that is not missing.
     *
     * @param decides whether it is one of those that tell what the column holds
     */
    void add(CsvFile file, CsvCells cells, int cell, boolean decides) {
        boolean number = cells.isNumber(cell);
        onlyNumbers &= number;
        if (decides) {
            present++;
            numbers += number ? 1 : 0;
            if (!number && fault == null) {
                fault = file.place(cells, cell) + cells.shown(cell);
            }
        }
        if (texts == null) {
            return;
        }
        String text = cells.text(cell);
        whole &= number && text.chars().allMatch(c -> Character.isDigit(c) || c == '-' || c == '+');
        if (text.indexOf('\0') >= 0) {
            throw file.file().invalid(file.place(cells, cell) + "it holds the character U+0000");
        }
        texts.merge(text, 1, Integer::sum);
        if (texts.size() > mostTexts) {
            texts = null;
        }
    }

    String name() {
        return name;
    }

    long present() {
        return present;
    }

    boolean hasMissing() {
        return missing > 0;
    }

    /** Whether it holds numbers, but for a few faults at most. */
    boolean isNumeric() {
        return present > 0 && numbers >= NUMBERS * present;
    }

    /** Whether every cell is a whole number; asked only while texts can be told apart. */
    boolean isWhole() {
        return whole && onlyNumbers;
    }

    /** The first cell that is no number, and where it stands. */
    String firstText() {
        return Objects.requireNonNull(fault);
    }

    /** How many texts there are; more than can be told apart where there are too many. */
    int distinct() {
        return texts == null ? mostTexts + 1 : texts.size();
    }

    /** The texts in order: of numbers by their value, of others by their characters. */
    List<String> values() {
        List<String> values = List.copyOf(Objects.requireNonNull(texts).keySet());
        return onlyNumbers
                ? values.stream()
                        .sorted(Comparator.comparingDouble((String text) -> Double.parseDouble(text.replace(',', '.')))
                                .thenComparing(text -> text))
                        .toList()
                : values.stream().sorted().toList();
    }
}
