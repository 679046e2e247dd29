package io.trainyard.dataset;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.encoding.CategoricalColumn;
import io.trainyard.problem.InvalidFieldException;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is to be made of a column; what is left out is inferred.
 *
 * @param standardize of numbers: to mean 0 and standard deviation 1 over the training split; true where it is left out
 * @param encoding of texts: one-hot where it is left out
 * @param values of texts: those that there may be, in order; all that the files hold where this is left out
 * @param missing what becomes of a missing value; where there is one and this is left out, the mean of the numbers, and a
 *     category of its own among texts
 * @param missingIndicator of numbers: whether a second input tells which were missing
 * @param unknown of texts: what a client gets that sends another text to predict; an error where it is left out
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ColumnSpec(
        @Schema(example = "categorical") @Nullable Type type,
        @Nullable Boolean standardize,
        CategoricalColumn.@Nullable Form encoding,

        @Schema(example = "[\"small\", \"large\"]") @Nullable
        List<String> values,

        @Nullable Missing missing,
        @Nullable Boolean missingIndicator,
        @Nullable Unknown unknown) {

    static final ColumnSpec INFERRED = new ColumnSpec(null, null, null, null, null, null, null);

    /** What a column holds. */
    enum Type {
        /** Numbers. */
        @JsonProperty("numeric")
        NUMERIC,
        /** One of several texts. */
        @JsonProperty("categorical")
        CATEGORICAL,
        /** What the network is not to see. */
        @JsonProperty("ignored")
        IGNORED
    }

    /** What becomes of a missing value. */
    enum Missing {
        /** The mean of the training split. */
        @JsonProperty("mean")
        MEAN,
        /** The number 0. */
        @JsonProperty("zero")
        ZERO,
        /** A category of its own. */
        @JsonProperty("category")
        CATEGORY,
        /** The text that is most frequent in the training split. */
        @JsonProperty("most_frequent")
        MOST_FREQUENT,
        /** The row is left out. */
        @JsonProperty("drop")
        DROP,
        /** The upload is refused. */
        @JsonProperty("error")
        ERROR;

        boolean isOfNumbers() {
            return this != CATEGORY && this != MOST_FREQUENT;
        }

        boolean isOfTexts() {
            return this != MEAN && this != ZERO;
        }
    }

    /** What becomes of a text that the training split lacks. */
    enum Unknown {
        /** It is refused. */
        @JsonProperty("error")
        ERROR,
        /** The network sees none of the texts. */
        @JsonProperty("ignore")
        IGNORE
    }

    ColumnSpec {
        boolean ofNumbers = standardize != null || missingIndicator != null;
        boolean ofTexts = encoding != null || values != null || unknown != null;
        if (ofNumbers && ofTexts) {
            throw new InvalidFieldException(
                    "",
                    "has settings of numbers (standardize, missing_indicator) and of texts (encoding, values, unknown)");
        }
        if (type == null && (ofNumbers || ofTexts)) {
            type = ofNumbers ? Type.NUMERIC : Type.CATEGORICAL;
        }
        if (type != Type.NUMERIC && ofNumbers) {
            throw new InvalidFieldException("type", "must be numeric where standardize or missing_indicator is given");
        }
        if (type != Type.CATEGORICAL && ofTexts) {
            throw new InvalidFieldException("type", "must be categorical where encoding, values or unknown is given");
        }
        if (missing != null && (type == Type.NUMERIC && !missing.isOfNumbers())) {
            throw new InvalidFieldException("missing", "must be mean, zero, drop or error for numbers");
        }
        if (missing != null && (type == Type.CATEGORICAL && !missing.isOfTexts())) {
            throw new InvalidFieldException("missing", "must be category, most_frequent, drop or error for texts");
        }
        if (values != null) {
            if (values.isEmpty()
                    || values.stream()
                            .anyMatch(value -> value == null
                                    || value.isEmpty()
                                    || !value.strip().equals(value))
                    || new HashSet<>(values).size() < values.size()) {
                throw new InvalidFieldException(
                        "values", "must hold each text once, none of them empty or with blanks around it");
            }
            values = List.copyOf(values);
        }
    }

    boolean isStandardized() {
        return Objects.requireNonNullElse(standardize, true);
    }
}
