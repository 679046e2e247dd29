package io.trainyard.dataset;

import io.trainyard.problem.FieldError;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.lang3.StringUtils;

/**
 * What the files of a table hold, as a first reading finds it: the columns that the network may see, what is in each, and
 * how many rows there are of each label.
 */
final class TableProfile {

    private static final int MAX_LISTED = 300;
    /** More different texts are one-hot only where their user says so. */
    private static final int MAX_INFERRED_TEXTS = 100;
    /** More different numbers beside texts likewise. */
    private static final int MAX_INFERRED_NUMBERS = 20;

    private final CsvSpec spec;
    private final DatasetLimits limits;
    private final List<String> header;
    private final int label;
    /** The places of the columns that the network may see, in the order of the features. */
    private final int[] places;

    private final List<ColumnProfile> columns = new ArrayList<>();
    private final ColumnProfile labels;
    private final Set<String> missing;
    private final int longestMissing;
    private final boolean[] drops;
    /** Rows of each label in the training file; bounded by the texts that the label's profile tells apart. */
    private final Map<String, Integer> labelCounts = new HashMap<>();

    private int trainRows;
    private int rows;

    TableProfile(CsvSpec spec, DatasetLimits limits, List<String> header) {
        this.spec = spec;
        this.limits = limits;
        this.header = header;
        this.label = header.indexOf(spec.label());
        if (label < 0) {
            throw noColumn("/spec/label", spec.label());
        }
        List<String> features = spec.features() != null
                ? spec.features()
                : header.stream()
                        .filter(name -> !name.isEmpty() && !name.equals(spec.label()))
                        .toList();
        for (String name : features) {
            if (!header.contains(name)) {
                throw noColumn("/spec/features", name);
            }
        }
        Set<String> known = new HashSet<>(header);
        if (spec.columns() != null) {
            spec.columns().keySet().stream()
                    .filter(name -> !known.contains(name))
                    .findFirst()
                    .ifPresent(name -> {
                        throw noColumn("/spec/columns", name);
                    });
        }
        List<String> seen = features.stream()
                .filter(name -> spec.column(name).type() != ColumnSpec.Type.IGNORED)
                .toList();
        this.places = seen.stream().mapToInt(header::indexOf).toArray();
        this.drops = new boolean[places.length];
        TextBudget budget = new TextBudget();
        for (int i = 0; i < places.length; i++) {
            columns.add(profile(seen.get(i), budget));
            drops[i] = spec.column(seen.get(i)).missing() == ColumnSpec.Missing.DROP;
        }
        this.labels = new ColumnProfile(spec.label(), limits.classes(), limits.classes(), budget);
        this.missing = Set.copyOf(spec.missingValues());
        this.longestMissing = missing.stream().mapToInt(String::length).max().orElse(-1);
    }

    /** Only of a column whose kind or texts are still to be found out are the texts told apart. */
    private ColumnProfile profile(String name, TextBudget budget) {
        ColumnSpec asked = spec.column(name);
        if (asked.type() == ColumnSpec.Type.NUMERIC || asked.values() != null) {
            return new ColumnProfile(name, 0, 0, budget);
        }
        return asked.type() == ColumnSpec.Type.CATEGORICAL
                ? new ColumnProfile(name, limits.categories(), limits.categories(), budget)
                : new ColumnProfile(name, MAX_INFERRED_TEXTS, MAX_INFERRED_NUMBERS, budget);
    }

    private ProblemException noColumn(String pointer, String name) {
        String detail = "there is no column '" + StringUtils.abbreviate(name, MAX_LISTED) + "'; the file has "
                + StringUtils.abbreviate(String.join(", ", header), MAX_LISTED)
                + (header.size() == 1 ? "; is the delimiter another one?" : "");
        return new ProblemException(
                ProblemType.INVALID_REQUEST, pointer + ": " + detail, List.of(new FieldError(pointer, detail)));
    }

    /**
     * Reads a file.
     *
     * @param train whether it is the training file, which decides what a column is
     */
    void read(CsvFile file, boolean train) throws IOException {
        int before = rows;
        for (CsvCells cells = file.next(); cells != null; cells = file.next()) {
            if (isDropped(cells)) {
                continue;
            }
            if (++rows > limits.rows()) {
                throw file.file()
                        .invalid("line " + cells.line() + ": there are more than " + limits.rows()
                                + " rows, the most that" + " are taken");
            }
            for (int i = 0; i < places.length; i++) {
                if (!isMissing(cells, places[i])) {
                    columns.get(i).add(file, cells, places[i], train);
                }
            }
            addLabel(file, cells, train);
        }
        if (rows == before) {
            throw file.file().invalid("it holds no row" + (spec.header() ? " behind its header" : ""));
        }
        if (train) {
            trainRows = rows;
        }
    }

    private void addLabel(CsvFile file, CsvCells cells, boolean train) {
        if (isMissing(cells, label)) {
            throw file.file().invalid(file.place(cells, label) + "the label is missing");
        }
        labels.add(file, cells, label, train);
        if (train && labels.isToldApart()) {
            labelCounts.merge(cells.text(label), 1, Integer::sum);
        }
    }

    boolean isMissing(CsvCells cells, int place) {
        return cells.isOneOf(missing, longestMissing, place);
    }

    /** Whether a row is left out, because a value is missing without which its user does not want it. */
    boolean isDropped(CsvCells cells) {
        for (int i = 0; i < places.length; i++) {
            if (drops[i] && isMissing(cells, places[i])) {
                return true;
            }
        }
        return false;
    }

    /** Where the label stands. */
    int label() {
        return label;
    }

    ColumnProfile labels() {
        return labels;
    }

    /** Rows of each label in the training file. */
    Map<String, Integer> labelCounts() {
        return labelCounts;
    }

    /** The columns that the network may see. */
    List<ColumnProfile> columns() {
        return columns;
    }

    /** Where a column of {@link #columns} stands in a file. */
    int place(int column) {
        return places[column];
    }

    /** Columns without a name. */
    int unnamedColumns() {
        return (int) header.stream().filter(String::isEmpty).count();
    }

    /** Rows of the training file. */
    int trainRows() {
        return trainRows;
    }
}
