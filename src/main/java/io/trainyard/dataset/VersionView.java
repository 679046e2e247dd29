package io.trainyard.dataset;

import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.encoding.Encoding;
import io.trainyard.encoding.Target;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What clients see of a version.
 *
 * @param task what its label asks for
 * @param rows of all splits
 * @param classes empty for regression
 * @param target the column to be told, for regression
 * @param encoding the preprocessing that is applied to raw rows, in training and in prediction alike; not in lists
 * @param statistics of the raw values of the training split
 * @param provenance null for a built-in one
 */
@Schema(name = "DatasetVersion")
public record VersionView(
        @Schema(example = "digits") String name,
        @Schema(example = "1") int version,
        @Schema(example = "classification") String task,
        @Schema(example = "1797") int rows,
        @Schema(example = "[8, 8, 1]") List<Integer> inputShape,
        List<String> classes,
        @Nullable String target,
        Map<String, SplitView> splits,
        @Nullable Encoding encoding,
        @Nullable Statistics statistics,
        @Nullable Provenance provenance,
        String sha256,
        Instant createdAt) {

    /** Row counts of a split. */
    public record SplitView(int rows, Map<String, Integer> classCounts) {

        static SplitView of(DatasetVersion version, SplitContent content) {
            Map<String, Integer> counts = new LinkedHashMap<>();
            List<String> classes = version.target().classes();
            for (int i = 0; i < classes.size(); i++) {
                counts.put(classes.get(i), content.classCounts().get(i));
            }
            return new SplitView(content.rows(), counts);
        }
    }

    /** Without what is long. */
    static VersionView listed(DatasetVersion version) {
        return of(version, null, null, null);
    }

    static VersionView of(DatasetVersion version, @Nullable Provenance provenance, @Nullable Statistics statistics) {
        return of(version, version.encoding(), provenance, statistics);
    }

    private static VersionView of(
            DatasetVersion version,
            @Nullable Encoding encoding,
            @Nullable Provenance provenance,
            @Nullable Statistics statistics) {
        Map<String, SplitView> splits = new LinkedHashMap<>();
        for (Split split : Split.values()) {
            splits.put(split.toString(), SplitView.of(version, version.split(split)));
        }
        return new VersionView(
                version.name(),
                version.version(),
                version.target() instanceof Target.Classes ? "classification" : "regression",
                splits.values().stream().mapToInt(SplitView::rows).sum(),
                version.encoding().inputShape(),
                version.target().classes(),
                version.target() instanceof Target.Quantity quantity ? quantity.name() : null,
                splits,
                encoding,
                statistics,
                provenance,
                version.sha256(),
                version.createdAt());
    }
}
