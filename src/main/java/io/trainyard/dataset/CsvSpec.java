package io.trainyard.dataset;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.problem.InvalidFieldException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tables as text (RFC 4180).
 *
 * @param label the column to be told
 * @param features the columns that the network sees; all others where this is left out
 * @param columns what is to be made of columns, by name; inferred where this is left out
 * @param task inferred from the label where it is left out: texts and up to twenty whole numbers are classes
 * @param validationFraction the share of each class that is held out where no test file is sent
 * @param seed of that choice
 * @param delimiter between cells; a tab in files whose name ends in .tsv or .tab, else a comma, where it is left out
 * @param header whether the first row names the columns; else they are column_1, column_2…
 * @param encoding of the text; UTF-8, or what a byte order mark says, where it is left out
 * @param decimalComma whether 1,5 is one and a half
 * @param missingValues the cells that say that there is no value
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record CsvSpec(
        @Nullable String description,

        @Schema(example = "species", requiredMode = Schema.RequiredMode.REQUIRED)
        String label,

        @Schema(example = "[\"sepal_length\", \"sepal_width\"]") @Nullable
        List<String> features,

        @Nullable Map<String, ColumnSpec> columns,
        @Nullable Task task,

        @Schema(example = "0.2", defaultValue = "0.2") @Nullable
        Double validationFraction,

        @Schema(example = "42", defaultValue = "42") Long seed,

        @Schema(example = ",") @Nullable String delimiter,
        @Schema(defaultValue = "true") Boolean header,
        @Schema(example = "UTF-8") @Nullable String encoding,
        @Schema(defaultValue = "false") Boolean decimalComma,
        @Schema(example = "[\"\", \"NA\"]") List<String> missingValues)
        implements IngestSpec {

    static final String TRAIN = "train";
    static final String TEST = "test";

    private static final List<String> MISSING = List.of("", "NA", "N/A", "null", "NULL");
    private static final String IN_NUMBERS = "0123456789+-.eE\"\r\n";
    private static final int MAX_MISSING = 100;
    private static final long SEED = 42;

    /** What the label asks for. */
    enum Task {
        /** One of several classes. */
        @JsonProperty("classification")
        CLASSIFICATION,
        /** A number. */
        @JsonProperty("regression")
        REGRESSION
    }

    CsvSpec {
        IngestSpec.check(description, validationFraction);
        InvalidFieldException.required("label", label);
        seed = Objects.requireNonNullElse(seed, SEED);
        header = Objects.requireNonNullElse(header, true);
        decimalComma = Objects.requireNonNullElse(decimalComma, false);
        if (missingValues != null && missingValues.contains(null)) {
            throw new InvalidFieldException("missing_values", "must not hold null");
        }
        missingValues = missingValues == null ? MISSING : List.copyOf(missingValues);
        if (missingValues.size() > MAX_MISSING) {
            throw new InvalidFieldException("missing_values", "must hold at most " + MAX_MISSING + " texts");
        }
        if (delimiter != null && (delimiter.length() != 1 || IN_NUMBERS.contains(delimiter))) {
            throw new InvalidFieldException(
                    "delimiter", "must be one character that stands in no number and is no quote");
        }
        if (decimalComma && ",".equals(delimiter)) {
            throw new InvalidFieldException("delimiter", "must not be a comma where decimal_comma is true");
        }
        if (features != null) {
            if (features.isEmpty() || features.contains(null) || new HashSet<>(features).size() < features.size()) {
                throw new InvalidFieldException("features", "must name at least one column, and each once");
            }
            if (features.contains("")) {
                throw new InvalidFieldException("features", "must name columns; one without a name is never seen");
            }
            if (features.contains(label)) {
                throw new InvalidFieldException("features", "must not hold the label, '" + label + "'");
            }
            features = List.copyOf(features);
        }
        if (columns != null) {
            if (columns.containsKey(label)) {
                throw new InvalidFieldException("columns", "must not hold the label, '" + label + "'");
            }
            if (columns.containsValue(null)) {
                throw new InvalidFieldException("columns", "must not hold null");
            }
            columns = new TreeMap<>(columns);
            checkColumns(columns, features, missingValues);
        }
        if (encoding != null) {
            checkCharset(encoding);
        }
    }

    /** A setting that would have no effect is a mistake. */
    private static void checkColumns(
            Map<String, ColumnSpec> columns, @Nullable List<String> features, List<String> missingValues) {
        columns.forEach((name, column) -> {
            boolean ignored = column.type() == ColumnSpec.Type.IGNORED;
            if (features != null && features.contains(name) == ignored) {
                throw new InvalidFieldException(
                        ignored ? "features" : "columns",
                        ignored
                                ? "must not hold '" + name + "', which is ignored"
                                : "has '" + name + "', which features leaves out");
            }
            if (column.values() != null) {
                column.values().stream()
                        .filter(missingValues::contains)
                        .findFirst()
                        .ifPresent(value -> {
                            throw new InvalidFieldException(
                                    "columns",
                                    "has '" + value + "' among the values of '" + name
                                            + "', which says that one is missing");
                        });
            }
        });
    }

    private static void checkCharset(String encoding) {
        try {
            Charset.forName(encoding);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
            throw new InvalidFieldException("encoding", "is no encoding of text that is known, such as ISO-8859-1");
        }
    }

    ColumnSpec column(String name) {
        return columns == null ? ColumnSpec.INFERRED : columns.getOrDefault(name, ColumnSpec.INFERRED);
    }

    @Override
    public Set<String> parts() {
        return Set.of(TRAIN, TEST);
    }

    @Override
    public Set<String> requiredParts() {
        return Set.of(TRAIN);
    }
}
