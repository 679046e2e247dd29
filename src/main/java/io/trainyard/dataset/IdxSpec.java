package io.trainyard.dataset;

import static io.trainyard.problem.InvalidFieldException.inRange;

import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.problem.InvalidFieldException;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Pictures and labels in the IDX format of the MNIST database, plain or gzip.
 *
 * @param classes their names, in the order of the labels; {@code "0"}, {@code "1"}… where this is left out
 * @param divisor by which pixels are divided before the network sees them; 255 where it is left out
 * @param validationFraction the share of the training files that is held out where no test files are sent
 * @param seed of that choice
 */
record IdxSpec(
        @Nullable String description,
        @Schema(example = "[\"cat\", \"dog\"]") @Nullable List<String> classes,

        @Schema(example = "255", defaultValue = "255") Integer divisor,

        @Schema(example = "0.2", defaultValue = "0.2") @Nullable
        Double validationFraction,

        @Schema(example = "42", defaultValue = "42") Long seed)
        implements IngestSpec {

    static final String TRAIN_IMAGES = "train_images";
    static final String TRAIN_LABELS = "train_labels";
    static final String TEST_IMAGES = "test_images";
    static final String TEST_LABELS = "test_labels";

    private static final int DIVISOR = 255;
    private static final int MAX_DIVISOR = 1_000_000;
    private static final long SEED = 42;

    IdxSpec {
        IngestSpec.check(description, validationFraction);
        divisor = inRange("divisor", divisor, DIVISOR, 1, MAX_DIVISOR);
        seed = Objects.requireNonNullElse(seed, SEED);
        if (classes != null) {
            if (classes.size() < 2 || classes.size() > IdxFile.MOST_CLASSES) {
                throw new InvalidFieldException(
                        "classes", "must hold 2 to " + IdxFile.MOST_CLASSES + " names, holds " + classes.size());
            }
            if (classes.contains(null) || new HashSet<>(classes).size() < classes.size()) {
                throw new InvalidFieldException("classes", "must hold each name once");
            }
            for (String name : classes) {
                String fault = ClassNames.fault(name);
                if (fault != null) {
                    throw new InvalidFieldException("classes", "each name " + fault);
                }
            }
            classes = List.copyOf(classes);
        }
    }

    @Override
    public Set<String> parts() {
        return Set.of(TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS);
    }

    @Override
    public Set<String> requiredParts() {
        return Set.of(TRAIN_IMAGES, TRAIN_LABELS);
    }
}
