package io.trainyard.training;

import static io.trainyard.problem.InvalidFieldException.required;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonCreator;
import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.problem.InvalidFieldException;
import io.trainyard.problem.Names;
import org.jspecify.annotations.Nullable;

/**
 * The data to train on; in JSON a bare name, or an object.
 *
 * @param version the newest where it is left out
 */
@JsonClassDescription("a name or {\"name\", \"version\"}")
@Schema(
        description = "A dataset's name, or `{\"name\", \"version\"}`.",
        oneOf = {String.class, DatasetChoice.Versioned.class},
        example = "digits")
public record DatasetChoice(String name, @Nullable Integer version) {

    /** The form that names a version. */
    public record Versioned(
            @Schema(example = "digits", requiredMode = Schema.RequiredMode.REQUIRED)
            String name,

            @Schema(example = "1") @Nullable Integer version) {}

    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    public DatasetChoice {
        Names.check("name", required("name", name));
        if (version != null && version < 1) {
            throw new InvalidFieldException("version", "must be at least 1, was " + version);
        }
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static DatasetChoice newest(String name) {
        return new DatasetChoice(name, null);
    }
}
