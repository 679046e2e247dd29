package io.trainyard.training;

import static io.trainyard.problem.InvalidFieldException.required;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.problem.InvalidFieldException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The data to train on; in JSON a bare name, or an object.
 *
 * @param version the newest where it is left out
 */
@Schema(
        description = "A dataset's name, or `{\"name\", \"version\"}`.",
        oneOf = {String.class, DatasetChoice.Versioned.class},
        example = "digits")
record DatasetChoice(String name, @Nullable Integer version) {

    /** The form that names a version. */
    record Versioned(
            @Schema(example = "digits") String name,
            @Schema(example = "1") @Nullable Integer version) {}

    DatasetChoice {
        Names.check("name", required("name", name));
        if (version != null && version < 1) {
            throw new InvalidFieldException("version", "must be at least 1, was " + version);
        }
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static DatasetChoice read(JsonNode json) {
        if (json.isString()) {
            return new DatasetChoice(json.stringValue(), null);
        }
        if (!json.isObject()) {
            throw new InvalidFieldException("", "must be a name or {\"name\", \"version\"}");
        }
        for (String field : json.propertyNames()) {
            if (!field.equals("name") && !field.equals("version")) {
                throw new InvalidFieldException(field, "unknown field '" + field + "'; known here: name, version");
            }
        }
        JsonNode name = json.path("name");
        if (!name.isString()) {
            throw new InvalidFieldException("name", name.isMissingNode() ? "is required" : "must be a string");
        }
        JsonNode version = json.path("version");
        boolean given = !version.isMissingNode() && !version.isNull();
        if (given && !(version.isIntegralNumber() && version.canConvertToInt())) {
            throw new InvalidFieldException("version", "must be an integer");
        }
        return new DatasetChoice(name.stringValue(), given ? version.intValue() : null);
    }
}
