package io.trainyard.dataset;

import ch.randelshofer.fastdoubleparser.JavaFloatParser;
import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import java.util.Arrays;
import java.util.Set;
import org.apache.commons.lang3.StringUtils;

/** The cells of one record of a CSV file, filled again and again: a cell becomes a text only where it is asked for one. */
final class CsvCells extends AbstractBaseCsvCallbackHandler<CsvCells> {

    private static final int MAX_SHOWN = 40;

    private final int mostCells;
    private final char decimal;
    private char[] chars = new char[1 << 10];
    private int[] ends = new int[64];
    private int count;
    private long line;

    /**
     * @param mostCells that are kept; further ones are only counted
     * @param decimalComma whether 1,5 is one and a half
     */
    CsvCells(int mostCells, boolean decimalComma) {
        this.mostCells = mostCells;
        this.decimal = decimalComma ? ',' : '.';
    }

    @Override
    protected void handleBegin(long startingLineNumber) {
        line = startingLineNumber;
        count = 0;
    }

    @Override
    protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
        int from = offset;
        int to = offset + length;
        while (from < to && isBlank(buffer[from])) {
            from++;
        }
        while (to > from && isBlank(buffer[to - 1])) {
            to--;
        }
        count = index + 1;
        if (index >= mostCells) {
            return;
        }
        int start = start(index);
        int end = start + to - from;
        if (end > chars.length) {
            chars = Arrays.copyOf(chars, Math.max(end, 2 * chars.length));
        }
        if (index >= ends.length) {
            ends = Arrays.copyOf(ends, 2 * ends.length);
        }
        System.arraycopy(buffer, from, chars, start, to - from);
        ends[index] = end;
    }

    @Override
    protected CsvCells buildRecord() {
        return this;
    }

    private int start(int cell) {
        return cell == 0 ? 0 : ends[cell - 1];
    }

    /** The line on which the record begins, counted from 1. */
    long line() {
        return line;
    }

    int count() {
        return count;
    }

    /** A cell without white space around it. */
    String text(int cell) {
        int start = start(cell);
        return new String(chars, start, ends[cell] - start);
    }

    /** A cell as an error shows it. */
    String shown(int cell) {
        return "'" + StringUtils.abbreviate(text(cell), MAX_SHOWN) + "'";
    }

    /** Whether a cell is one of a few short texts. */
    boolean isOneOf(Set<String> texts, int longest, int cell) {
        return ends[cell] - start(cell) <= longest && texts.contains(text(cell));
    }

    /** Whether a cell is a decimal number: {@code -1.5e3}, but not {@code NaN}, {@code 0x1p3} or {@code 1d}. */
    boolean isNumber(int cell) {
        int i = start(cell);
        int end = ends[cell];
        if (i < end && (chars[i] == '+' || chars[i] == '-')) {
            i++;
        }
        int digits = 0;
        for (; i < end && isDigit(chars[i]); i++) {
            digits++;
        }
        if (i < end && chars[i] == decimal) {
            for (i++; i < end && isDigit(chars[i]); i++) {
                digits++;
            }
        }
        if (digits > 0 && i < end && (chars[i] == 'e' || chars[i] == 'E')) {
            i++;
            if (i < end && (chars[i] == '+' || chars[i] == '-')) {
                i++;
            }
            if (i == end) {
                return false;
            }
            while (i < end && isDigit(chars[i])) {
                i++;
            }
        }
        return digits > 0 && i == end;
    }

    /** The value of a cell that {@link #isNumber}; infinite where it is beyond a float's range. */
    float number(int cell) {
        int start = start(cell);
        if (decimal == ',') {
            for (int i = start; i < ends[cell]; i++) {
                chars[i] = chars[i] == ',' ? '.' : chars[i];
            }
        }
        return JavaFloatParser.parseFloat(chars, start, ends[cell] - start);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
