package io.trainyard.dataset;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.trainyard.encoding.ColumnEncoding;
import io.trainyard.encoding.Encoding;
import io.trainyard.encoding.Target;
import io.trainyard.problem.InvalidFieldException;
import io.trainyard.problem.ProblemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Profile("api")
@RequestMapping("/api/v1/datasets")
@Tag(name = "Datasets")
class DatasetsController {

    private static final int MAX_ROWS = 500;

    private final Datasets datasets;

    DatasetsController(Datasets datasets) {
        this.datasets = datasets;
    }

    /** All datasets: there are few, so the list is one page. */
    record DatasetList(List<DatasetView> items, @Nullable String nextCursor) {}

    /** A dataset; a built-in one that nobody used yet has no version. */
    record DatasetView(
            @Schema(example = "digits") String name,
            @Nullable String description,
            List<VersionView> versions) {}

    /**
     * A version.
     *
     * @param task what its label asks for
     * @param classes empty for regression
     * @param target the column to be told, for regression
     * @param encoding the preprocessing that is applied to raw rows, in training and in prediction alike
     */
    @Schema(name = "DatasetVersion")
    record VersionView(
            @Schema(example = "digits") String name,
            @Schema(example = "1") int version,
            @Schema(example = "classification") String task,
            @Schema(example = "[8, 8, 1]") List<Integer> inputShape,
            List<String> classes,
            @Nullable String target,
            Map<String, SplitView> splits,
            Encoding encoding,
            String sha256,
            Instant createdAt) {

        static VersionView of(DatasetVersion version) {
            Map<String, SplitView> splits = new LinkedHashMap<>();
            version.splits().forEach((split, content) -> splits.put(split.toString(), SplitView.of(version, content)));
            return new VersionView(
                    version.name(),
                    version.version(),
                    version.target() instanceof Target.Classes ? "classification" : "regression",
                    version.encoding().inputShape(),
                    version.target().classes(),
                    version.target() instanceof Target.Quantity quantity ? quantity.name() : null,
                    splits,
                    version.encoding(),
                    version.sha256(),
                    version.createdAt());
        }
    }

    /** Row counts of a split. */
    record SplitView(int rows, Map<String, Integer> classCounts) {
        static SplitView of(DatasetVersion version, SplitContent content) {
            Map<String, Integer> counts = new LinkedHashMap<>();
            List<String> classes = version.target().classes();
            for (int i = 0; i < classes.size(); i++) {
                counts.put(classes.get(i), content.classCounts().get(i));
            }
            return new SplitView(content.rows(), counts);
        }
    }

    /** A page of rows. */
    record RowPage(int total, int offset, List<RowView> items) {}

    /**
     * One row.
     *
     * @param label its class, or its number
     * @param instance its raw values, in the form that `POST /predict` takes
     */
    record RowView(int row, @Schema(example = "7") Object label, Object instance) {}

    @Operation(
            summary = "List datasets",
            description = "Every dataset with its versions. Built-in ones get version 1 on first use.")
    @GetMapping
    DatasetList list() {
        List<DatasetView> items = datasets.all().entrySet().stream()
                .map(entry -> view(entry.getKey(), entry.getValue()))
                .toList();
        return new DatasetList(items, null);
    }

    @Operation(summary = "Get a dataset", description = "One dataset with its versions, newest first.")
    @GetMapping("/{name}")
    DatasetView get(@Parameter(example = "digits") @PathVariable String name) {
        List<DatasetVersion> versions = datasets.versionsOf(name);
        if (versions.isEmpty() && datasets.description(name) == null) {
            throw ProblemException.notFound("dataset", name);
        }
        return view(name, versions);
    }

    @Operation(
            summary = "Get a dataset version",
            description = "Its input shape, classes, row counts and encoding. The first look at a built-in dataset"
                    + " makes its version 1.")
    @GetMapping("/{name}/versions/{version}")
    VersionView version(
            @Parameter(example = "digits") @PathVariable String name,
            @Parameter(example = "1") @PathVariable int version) {
        return VersionView.of(datasets.resolve(name, version));
    }

    @Operation(
            summary = "Look at rows",
            description = "A page of raw rows with their labels; each `instance` can be sent to `POST /predict` as it"
                    + " is.")
    @GetMapping("/{name}/versions/{version}/rows")
    RowPage rows(
            @Parameter(example = "digits") @PathVariable String name,
            @Parameter(example = "1") @PathVariable int version,
            @Parameter(description = "`train` or `test`", schema = @Schema(allowableValues = {"train", "test"}))
                    @RequestParam(defaultValue = "test")
                    String split,
            @RequestParam(defaultValue = "0") int offset,
            @Parameter(example = "5") @RequestParam(defaultValue = "50") int limit) {
        Split chosen = split(split);
        if (limit < 1 || limit > MAX_ROWS) {
            throw new InvalidFieldException("limit", "must be from 1 to " + MAX_ROWS + ", was " + limit);
        }
        if (offset < 0) {
            throw new InvalidFieldException("offset", "must not be negative, was " + offset);
        }
        DatasetVersion resolved = datasets.resolve(name, version);
        Rows rows = datasets.open(resolved, chosen);
        int end = (int) Math.min(rows.count(), (long) offset + limit);
        List<RowView> items = IntStream.range(offset, Math.max(offset, end))
                .mapToObj(row -> new RowView(
                        row, resolved.target().label(rows.target(row)), instance(resolved.encoding(), rows.raw(row))))
                .toList();
        return new RowPage(rows.count(), offset, items);
    }

    private static Split split(String name) {
        for (Split split : Split.values()) {
            if (split.toString().equals(name)) {
                return split;
            }
        }
        throw new InvalidFieldException("split", "must be 'train' or 'test', was '" + name + "'");
    }

    private DatasetView view(String name, List<DatasetVersion> versions) {
        return new DatasetView(
                name,
                datasets.description(name),
                versions.stream().map(VersionView::of).toList());
    }

    private static Object instance(Encoding encoding, float[] raw) {
        if (encoding instanceof ColumnEncoding table) {
            Map<String, Float> byName = new LinkedHashMap<>();
            for (int i = 0; i < raw.length; i++) {
                byName.put(table.columns().get(i).name(), raw[i]);
            }
            return byName;
        }
        List<Integer> pixels = new ArrayList<>(raw.length);
        for (float value : raw) {
            pixels.add((int) value);
        }
        return pixels;
    }
}
