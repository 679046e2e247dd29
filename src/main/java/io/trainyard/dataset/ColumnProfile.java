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

    /** More characters are no name of a category or a class. */
    private static final int MAX_TEXT = 1000;

    private final String name;
    private final int mostTexts;
    private final int mostNumbers;
    private final TextBudget budget;
    private long present;
    private long numbers;
    private boolean whole = true;
    private boolean onlyNumbers = true;
    private @Nullable String fault;
    private @Nullable String tooLong;
    /** Rows of each text; null where there are more texts than can be told apart. */
    private @Nullable Map<String, Integer> texts = new HashMap<>();

    /**
     * @param mostTexts that are told apart
     * @param mostNumbers that are told apart while there is nothing else
     */
    ColumnProfile(String name, int mostTexts, int mostNumbers, TextBudget budget) {
        this.name = name;
        this.mostTexts = mostTexts;
        this.mostNumbers = mostNumbers;
        this.budget = budget;
        if (mostTexts == 0) {
            texts = null;
        }
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
        whole &= number && isWhole(text);
        if (text.length() > MAX_TEXT) {
            tooLong = file.place(cells, cell) + "it holds a text of more than " + MAX_TEXT + " characters";
            texts = null;
            return;
        }
        if (text.indexOf('\0') >= 0) {
            throw file.file().invalid(file.place(cells, cell) + "it holds the character U+0000");
        }
        if (texts.merge(text, 1, Integer::sum) > 1) {
            return;
        }
        if (texts.size() > (onlyNumbers ? mostNumbers : mostTexts)) {
            texts = null;
        } else if (!budget.take(text)) {
            throw file.file()
                    .invalid(file.place(cells, cell)
                            + "the different texts of all columns take too much memory to be told"
                            + " apart; leave columns out by their type in columns, ignored or numeric");
        }
    }

    /** As 7, -3 and 2.0 are. */
    private static boolean isWhole(String number) {
        int point = Math.max(number.indexOf('.'), number.indexOf(','));
        String before = point < 0 ? number : number.substring(0, point);
        String after = point < 0 ? "" : number.substring(point + 1);
        return before.chars().allMatch(c -> Character.isDigit(c) || c == '-' || c == '+')
                && after.chars().allMatch(c -> c == '0');
    }

    /** Where a text stands that is too long for a category or a class, and that it is; null where none is. */
    @Nullable
    String tooLong() {
        return tooLong;
    }

    String name() {
        return name;
    }

    long present() {
        return present;
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

    /** Whether all texts can be told apart; {@link #distinct} and {@link #values} are asked only then. */
    boolean isToldApart() {
        return texts != null;
    }

    /** How many texts there are. */
    int distinct() {
        return Objects.requireNonNull(texts).size();
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
