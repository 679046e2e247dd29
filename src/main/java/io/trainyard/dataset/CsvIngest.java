package io.trainyard.dataset;

import io.trainyard.encoding.Column;
import io.trainyard.encoding.ColumnEncoding;
import io.trainyard.encoding.Target;
import io.trainyard.problem.FieldError;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Makes rows of tables, in two readings: the first finds out what the columns hold, the second writes raw values and fits
 * the encoding on the training split. Memory grows with columns and texts, not with rows.
 */
@Component
class CsvIngest implements Ingest<CsvSpec> {

    /** Whole numbers of more different values are a quantity rather than classes. */
    private static final int MAX_NUMBER_CLASSES = 20;

    private final DatasetLimits limits;
    private final SplitStore store;

    CsvIngest(DatasetLimits limits, SplitStore store) {
        this.limits = limits;
        this.store = store;
    }

    @Override
    public Ingested ingest(CsvSpec spec, Map<String, UploadedFile> files, Path folder) throws IOException {
        UploadedFile train = file(files, CsvSpec.TRAIN);
        UploadedFile test = files.get(CsvSpec.TEST);
        TableProfile profile = profile(spec, train, test);
        Warnings warnings = new Warnings();
        if (profile.unnamedColumns() > 0) {
            warnings.add(profile.unnamedColumns() + " column(s) without a name are left out");
        }
        Target target = target(spec, profile, train);
        for (String name : target.classes()) {
            if (test != null && !profile.labelCounts().containsKey(name)) {
                throw test.invalid("the label '" + name + "' is that of no training row");
            }
        }
        List<TableColumn> columns = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < profile.columns().size(); i++) {
            TableColumn column = column(spec, profile.columns().get(i), profile.trainRows(), train, warnings);
            if (column != null) {
                columns.add(column);
                places.add(profile.place(i));
            }
        }
        if (columns.isEmpty()) {
            throw train.invalid(
                    "no column is left that a network could see: " + String.join("; ", warnings.sentences()));
        }
        long width = columns.stream().mapToLong(TableColumn::mostWidth).sum();
        if (width > limits.rowValues()) {
            throw train.invalid(
                    "a row would become " + width + " numbers; at most " + limits.rowValues() + " are taken");
        }
        if (test != null && spec.validationFraction() != null) {
            warnings.add("validation_fraction has no effect, since a part " + CsvSpec.TEST + " was sent");
        }
        TableRows rows = new TableRows(profile, target, columns, places);
        Map<Split, SplitContent> splits = write(spec, profile, target, rows, train, test, folder);
        warnOfClasses(target, splits, warnings);
        List<Column> fitted =
                columns.stream().map(column -> column.fitted(warnings)).toList();
        ColumnEncoding encoding = new ColumnEncoding(fitted, spec.missingValues());
        return new Ingested(new DatasetContent(encoding, target, splits), warnings.sentences());
    }

    private static void warnOfClasses(Target target, Map<Split, SplitContent> splits, Warnings warnings) {
        List<Integer> heldOut = Objects.requireNonNull(splits.get(Split.TEST)).classCounts();
        for (int i = 0; i < heldOut.size(); i++) {
            if (heldOut.get(i) == 0) {
                warnings.add("of class '" + target.classes().get(i)
                        + "' no row is held out: no metric tells how well it is recognised");
            }
        }
    }

    private static UploadedFile file(Map<String, UploadedFile> files, String part) {
        UploadedFile file = files.get(part);
        if (file == null) {
            throw new IllegalStateException(part + " is required");
        }
        return file;
    }

    private TableProfile profile(CsvSpec spec, UploadedFile train, @Nullable UploadedFile test) throws IOException {
        TableProfile profile;
        List<String> header;
        try (CsvFile file = CsvFile.open(train, spec, limits.columns())) {
            header = file.header();
            profile = new TableProfile(spec, limits, header);
            profile.read(file, true);
        }
        if (test != null) {
            try (CsvFile file = CsvFile.open(test, spec, limits.columns())) {
                if (!file.header().equals(header)) {
                    throw test.invalid(
                            "its columns are not those of the part " + CsvSpec.TRAIN + ", in the same order");
                }
                profile.read(file, false);
            }
        }
        return profile;
    }

    private Target target(CsvSpec spec, TableProfile profile, UploadedFile train) {
        ColumnProfile labels = profile.labels();
        boolean few = labels.isToldApart();
        boolean numbers = labels.isNumeric();
        boolean quantity = spec.task() != null
                ? spec.task() == CsvSpec.Task.REGRESSION
                : numbers && !(few && labels.isWhole() && labels.distinct() <= MAX_NUMBER_CLASSES);
        String place = "column '" + labels.name() + "': ";
        if (quantity) {
            if (!numbers) {
                throw train.invalid(labels.firstText() + " is not a number, as a label of a regression must be");
            }
            return new Target.Quantity(labels.name());
        }
        if (labels.tooLong() != null) {
            throw train.invalid(labels.tooLong() + ", too long for the name of a class");
        }
        if (!few) {
            throw train.invalid(place + "there are more than " + limits.classes()
                    + " different labels, the most classes that are taken; is it the label?");
        }
        List<String> classes = labels.values();
        if (classes.size() < 2) {
            throw train.invalid(place + "every row has the label '" + classes.get(0) + "'; a class needs another to be"
                    + " told from");
        }
        return new Target.Classes(classes);
    }

    /** A column that the network is to see, or null where it is left out. */
    private @Nullable TableColumn column(
            CsvSpec spec, ColumnProfile profile, int rows, UploadedFile train, Warnings warnings) {
        ColumnSpec asked = spec.column(profile.name());
        String name = "column '" + profile.name() + "'";
        if (asked.type() == ColumnSpec.Type.NUMERIC) {
            return new TableNumbers(profile.name(), asked);
        }
        if (asked.type() == ColumnSpec.Type.CATEGORICAL) {
            return new TableTexts(profile.name(), asked, texts(asked, profile, train));
        }
        if (profile.present() == 0) {
            warnings.add(name + " is left out: every value is missing");
            return null;
        }
        if (profile.isNumeric()) {
            checkMissing(profile, asked, ColumnSpec.Missing::isOfNumbers, "numbers: must be mean, zero, drop or error");
            return new TableNumbers(profile.name(), asked);
        }
        if (profile.isToldApart() && profile.distinct() <= Math.max(2, rows / 2)) {
            checkMissing(
                    profile,
                    asked,
                    ColumnSpec.Missing::isOfTexts,
                    "texts: must be category, most_frequent, drop or error");
            return new TableTexts(profile.name(), asked, profile.values());
        }
        warnings.add(name + " is left out: it holds texts, "
                + (profile.isToldApart() ? profile.distinct() + " different ones" : "too many different ones")
                + "; where they are categories, say so in columns");
        return null;
    }

    private List<String> texts(ColumnSpec asked, ColumnProfile profile, UploadedFile train) {
        if (asked.values() != null) {
            if (asked.values().size() > limits.categories()) {
                throw invalid(
                        profile.name(),
                        "values",
                        "must hold at most " + limits.categories() + " texts, was "
                                + asked.values().size());
            }
            return asked.values();
        }
        if (profile.tooLong() != null) {
            throw train.invalid(profile.tooLong() + ", too long for a category");
        }
        if (!profile.isToldApart()) {
            throw train.invalid("column '" + profile.name() + "': there are more than " + limits.categories()
                    + " different texts, the most categories that are taken; leave the column out, or name the values"
                    + " that matter in columns, with unknown set to ignore");
        }
        return profile.values();
    }

    /** What is asked of missing values must be possible with what the column turns out to hold. */
    private static void checkMissing(
            ColumnProfile profile, ColumnSpec asked, Predicate<ColumnSpec.Missing> possible, String detail) {
        if (asked.missing() != null && !possible.test(asked.missing())) {
            throw invalid(profile.name(), "missing", "is of a column that holds " + detail);
        }
    }

    private static ProblemException invalid(String column, String field, String detail) {
        String pointer = FieldError.pointer(FieldError.pointer("/spec/columns", column), field);
        return new ProblemException(
                ProblemType.INVALID_REQUEST, pointer + ": " + detail, List.of(new FieldError(pointer, detail)));
    }

    private Map<Split, SplitContent> write(
            CsvSpec spec,
            TableProfile profile,
            Target target,
            TableRows rows,
            UploadedFile train,
            @Nullable UploadedFile test,
            Path folder)
            throws IOException {
        int classes = target.classes().size();
        HoldOut holdOut = test != null ? null : holdOut(spec, profile, target);
        try (SplitWriter trainRows = new SplitWriter(folder, Split.TRAIN, false, classes, rows.size());
                SplitWriter testRows = new SplitWriter(folder, Split.TEST, false, classes, rows.size())) {
            try (CsvFile file = CsvFile.open(train, spec, limits.columns())) {
                rows.read(file, (values, label) -> {
                    boolean heldOut = holdOut != null && holdOut.next(classes == 0 ? 0 : (int) label);
                    if (!heldOut) {
                        rows.fit(values);
                    }
                    (heldOut ? testRows : trainRows).add(values, label);
                });
            }
            if (test != null) {
                try (CsvFile file = CsvFile.open(test, spec, limits.columns())) {
                    rows.read(file, testRows::add);
                }
            }
            if (trainRows.rows() == 0 || testRows.rows() == 0) {
                throw train.invalid("of its " + profile.trainRows() + " rows none would be "
                        + (testRows.rows() == 0 ? "held out" : "left to train with")
                        + "; change validation_fraction, send more rows, or a part " + CsvSpec.TEST);
            }
            Map<Split, SplitContent> splits = new EnumMap<>(Split.class);
            splits.put(Split.TRAIN, trainRows.store(store));
            splits.put(Split.TEST, testRows.store(store));
            return splits;
        }
    }

    private static HoldOut holdOut(CsvSpec spec, TableProfile profile, Target target) {
        Map<String, Integer> counts = new HashMap<>(profile.labelCounts());
        int[] rows = target instanceof Target.Classes classes
                ? classes.names().stream()
                        .mapToInt(name -> counts.getOrDefault(name, 0))
                        .toArray()
                : new int[] {profile.trainRows()};
        double fraction = spec.validationFraction() == null ? IngestSpec.DEFAULT_FRACTION : spec.validationFraction();
        return new HoldOut(rows, fraction, spec.seed());
    }
}
