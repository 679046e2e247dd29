package io.trainyard.dataset;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.trainyard.problem.InvalidFieldException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the files of an upload are, and what is to be made of them. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "format")
@JsonSubTypes({
    @JsonSubTypes.Type(value = CsvSpec.class, name = "csv"),
    @JsonSubTypes.Type(value = IdxSpec.class, name = "idx"),
    @JsonSubTypes.Type(value = ImageFolderSpec.class, name = "image_folder"),
})
public sealed interface IngestSpec permits CsvSpec, IdxSpec, ImageFolderSpec {

    double DEFAULT_FRACTION = 0.2;
    int MAX_DESCRIPTION = 4000;

    /** In words, for people. */
    @Nullable
    String description();

    /** The names of the parts that hold files. */
    @JsonIgnore
    Set<String> parts();

    /** Those of {@link #parts} that must be there. */
    @JsonIgnore
    Set<String> requiredParts();

    /**
     * @throws InvalidFieldException when a value is out of its range
     */
    static void check(@Nullable String description, @Nullable Double validationFraction) {
        if (description != null && (description.length() > MAX_DESCRIPTION || description.indexOf('\0') >= 0)) {
            throw new InvalidFieldException(
                    "description", "must have at most " + MAX_DESCRIPTION + " characters, none of them U+0000");
        }
        if (validationFraction != null && !(validationFraction > 0 && validationFraction < 1)) {
            throw new InvalidFieldException(
                    "validation_fraction", "must be more than 0 and less than 1, was " + validationFraction);
        }
    }
}
