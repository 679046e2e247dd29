package io.trainyard.serving;

import io.trainyard.encoding.ColumnEncoding;
import io.trainyard.encoding.Encoding;
import io.trainyard.encoding.Instance;
import io.trainyard.problem.FieldError;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;
import org.apache.commons.io.input.BOMInputStream;
import org.apache.commons.lang3.StringUtils;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/**
 * The rows of a CSV body (RFC 4180). The media type's parameter {@code header} says whether the first line names the columns:
 * {@code present}, as it is by default for models of tables, or {@code absent}, as by default for pictures.
 */
final class CsvRows {

    private static final CSVFormat FORMAT = CSVFormat.RFC4180
            .builder()
            .setIgnoreEmptyLines(true)
            .setTrim(true)
            .setDuplicateHeaderMode(DuplicateHeaderMode.DISALLOW)
            .get();

    /** Not all that Java reads: no {@code 1d}, no {@code 0x1p3}. */
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

    private static final int MAX_DETAIL = 200;
    private static final int MAX_CELL = 40;

    private CsvRows() {}

    /**
     * @throws ProblemException MALFORMED_REQUEST, PAYLOAD_TOO_LARGE, or INVALID_INSTANCE where a cell is not a number
     * @throws IOException when the stream fails
     */
    static List<Instance> read(InputStream body, MediaType type, Encoding encoding, int maxRows) throws IOException {
        boolean header = isHeaderPresent(type, encoding);
        CSVFormat format =
                header ? FORMAT.builder().setHeader().setSkipHeaderRecord(true).get() : FORMAT;
        Charset charset = type.getCharset() == null ? StandardCharsets.UTF_8 : type.getCharset();
        List<Instance> rows = new ArrayList<>();
        try (CSVParser parser = CSVParser.builder()
                .setReader(new InputStreamReader(
                        BOMInputStream.builder().setInputStream(body).get(), charset))
                .setFormat(format)
                .get()) {
            for (CSVRecord line : parser) {
                if (rows.size() == maxRows) {
                    throw new ProblemException(
                            ProblemType.PAYLOAD_TOO_LARGE,
                            "The body holds more than " + maxRows + " rows, the most that are taken in one request.");
                }
                rows.add(
                        header
                                ? byName(line, parser.getHeaderNames(), encoding, rows.size())
                                : numbers(line, rows.size()));
            }
        } catch (IllegalArgumentException | UncheckedIOException | CSVException malformed) {
            throw new ProblemException(
                    ProblemType.MALFORMED_REQUEST,
                    "The body is not CSV: " + StringUtils.abbreviate(malformed.getMessage(), MAX_DETAIL));
        }
        if (rows.isEmpty()) {
            throw new ProblemException(
                    ProblemType.INVALID_REQUEST, "The body holds no row" + (header ? " behind its header." : "."));
        }
        return rows;
    }

    private static boolean isHeaderPresent(MediaType type, Encoding encoding) {
        // RFC 9110 lets any parameter be quoted.
        String header = StringUtils.strip(type.getParameter("header"), "\"");
        if (header == null) {
            return encoding instanceof ColumnEncoding;
        }
        return switch (header) {
            case "present" -> true;
            case "absent" -> false;
            default ->
                throw new ProblemException(
                        ProblemType.MALFORMED_REQUEST,
                        "The header parameter of text/csv is 'present' or 'absent', not '" + header + "'.");
        };
    }

    private static Instance byName(CSVRecord line, List<String> names, Encoding encoding, int row) {
        checkLength(line, names.size(), row);
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            String cell = line.get(i);
            String name = names.get(i);
            boolean missing = encoding instanceof ColumnEncoding table ? table.isMissing(cell) : cell.isEmpty();
            if (!missing) {
                boolean text = encoding instanceof ColumnEncoding table && table.isCategorical(name);
                values.put(name, text ? cell : numberOrText(cell));
            }
        }
        return new Instance.Columns(values);
    }

    private static Object numberOrText(String cell) {
        return NUMBER.matcher(cell).matches() ? Double.valueOf(cell) : cell;
    }

    private static Instance numbers(CSVRecord line, int row) {
        float[] values = new float[line.size()];
        for (int i = 0; i < values.length; i++) {
            if (!NUMBER.matcher(line.get(i)).matches()) {
                throw invalid(
                        row,
                        "column " + (i + 1) + " is '" + StringUtils.abbreviate(line.get(i), MAX_CELL)
                                + "', which is not a number");
            }
            values[i] = Float.parseFloat(line.get(i));
        }
        return new Instance.Values(values, List.of(values.length));
    }

    private static void checkLength(CSVRecord line, int columns, int row) {
        if (line.size() != columns) {
            throw invalid(row, "has " + line.size() + " cells, but the header names " + columns);
        }
    }

    private static ProblemException invalid(int row, String detail) {
        FieldError error = new FieldError(FieldError.pointer("/instances", row), detail);
        return new ProblemException(ProblemType.INVALID_INSTANCE, error.pointer() + ": " + detail, List.of(error));
    }
}
