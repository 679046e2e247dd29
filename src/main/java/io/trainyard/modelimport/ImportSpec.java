package io.trainyard.modelimport;

import static io.trainyard.problem.InvalidFieldException.required;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.model.Annotations;
import io.trainyard.network.Task;
import io.trainyard.network.layer.Shape;
import io.trainyard.problem.InvalidFieldException;
import io.trainyard.problem.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the file of a network cannot say: what its rows are and what its answers mean.
 *
 * @param dataset whose rows it takes and whose labels it gives, instead of the next four
 * @param inputShape of one row, channels last; only where the file does not say it
 * @param classes their names, in the order of the outputs; {@code "0"}, {@code "1"}… where this is left out
 * @param task {@code regression} for a network that tells one number
 * @param scale by which every number of a row is multiplied, such as 1/255; 1 by default
 * @param description of the version
 * @param tags of the version
 */
@Schema(
        name = "ModelImportSpec",
        example = "{\"dataset\": {\"name\": \"digits\"}, \"description\": \"Trained with Keras\"}")
record ImportSpec(
        @Nullable DatasetName dataset,

        @ArraySchema(arraySchema = @Schema(example = "[8, 8, 1]"), schema = @Schema(implementation = Integer.class))
        @Nullable
        Shape inputShape,

        @Nullable List<String> classes,
        @Nullable Task task,
        @Schema(example = "0.0625") @Nullable Double scale,
        @Schema(example = "Trained with Keras") @Nullable String description,

        @Schema(example = "{\"team\": \"vision\"}") @Nullable
        Map<String, String> tags) {

    static final ImportSpec NONE = new ImportSpec(null, null, null, null, null, null, null);

    private static final int MAX_CLASSES = 100_000;
    private static final int MAX_CLASS_NAME = 256;

    /**
     * A dataset.
     *
     * @param version the newest where it is left out
     */
    @Schema(name = "ModelImportDataset")
    record DatasetName(
            @Schema(example = "digits") String name,
            @Schema(example = "1") @Nullable Integer version) {

        DatasetName {
            Names.check("name", required("name", name));
            if (version != null && version < 1) {
                throw new InvalidFieldException("version", "must be at least 1, was " + version);
            }
        }
    }

    ImportSpec {
        if (dataset != null && (inputShape != null || classes != null || task != null || scale != null)) {
            throw new InvalidFieldException(
                    "dataset", "says what input_shape, classes, task and scale say; give either it or those");
        }
        if (classes != null) {
            if (task == Task.REGRESSION) {
                throw new InvalidFieldException("classes", "must not be given where task is regression");
            }
            checkNames(classes);
            classes = List.copyOf(classes);
        }
        if (scale != null && !(Double.isFinite(scale) && scale != 0)) {
            throw new InvalidFieldException("scale", "must be a finite number other than 0, was " + scale);
        }
        // Its constructor has the rules.
        new Annotations(description, tags);
    }

    private static void checkNames(List<String> classes) {
        if (classes.size() < 2 || classes.size() > MAX_CLASSES) {
            throw new InvalidFieldException(
                    "classes", "must hold from 2 to " + MAX_CLASSES + " names, was " + classes.size());
        }
        for (String name : classes) {
            if (Objects.requireNonNullElse(name, "").isEmpty()
                    || name.length() > MAX_CLASS_NAME
                    || name.indexOf('\0') >= 0) {
                throw new InvalidFieldException(
                        "classes", "must hold names of 1 to " + MAX_CLASS_NAME + " characters, none of them U+0000");
            }
        }
        if (new HashSet<>(classes).size() < classes.size()) {
            throw new InvalidFieldException("classes", "must hold each name once");
        }
    }

    @JsonIgnore
    Annotations annotations() {
        return new Annotations(description, tags);
    }
}
