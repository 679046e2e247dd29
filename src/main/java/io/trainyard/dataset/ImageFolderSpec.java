package io.trainyard.dataset;

import static io.trainyard.problem.InvalidFieldException.inRange;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.problem.InvalidFieldException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A zip of PNG and JPEG pictures: {@code train/<class>/*} and {@code test/<class>/*}, or {@code <class>/*} of which a share is
 * held out.
 *
 * @param height to which pictures are brought, by area averaging where both sides shrink, else bilinearly
 * @param width likewise
 * @param channels 1 for grey, by the luma of ITU-R BT.601, or 3 for colour
 * @param divisor by which pixels are divided before the network sees them; 255 where it is left out
 * @param validationFraction the share that is held out where the zip has no {@code test} folder
 * @param seed of that choice
 */
record ImageFolderSpec(
        @Nullable String description,

        @Schema(example = "28", requiredMode = Schema.RequiredMode.REQUIRED)
        Integer height,

        @Schema(example = "28", requiredMode = Schema.RequiredMode.REQUIRED)
        Integer width,

        @Schema(example = "1", requiredMode = Schema.RequiredMode.REQUIRED)
        Integer channels,

        @Schema(example = "255", defaultValue = "255") Integer divisor,

        @Schema(example = "0.2", defaultValue = "0.2") @Nullable
        Double validationFraction,

        @Schema(example = "42", defaultValue = "42") Long seed)
        implements IngestSpec {

    static final String ARCHIVE = "archive";

    private static final int DIVISOR = 255;
    private static final int MAX_DIVISOR = 1_000_000;
    private static final int MAX_SIDE = 4096;
    private static final long SEED = 42;

    ImageFolderSpec {
        IngestSpec.check(description, validationFraction);
        height = inRange("height", InvalidFieldException.required("height", height), 0, 1, MAX_SIDE);
        width = inRange("width", InvalidFieldException.required("width", width), 0, 1, MAX_SIDE);
        if (InvalidFieldException.required("channels", channels) != 1 && channels != 3) {
            throw new InvalidFieldException("channels", "must be 1, for grey, or 3, for colour, was " + channels);
        }
        divisor = inRange("divisor", divisor, DIVISOR, 1, MAX_DIVISOR);
        seed = Objects.requireNonNullElse(seed, SEED);
    }

    @Override
    public Set<String> parts() {
        return Set.of(ARCHIVE);
    }

    @Override
    public Set<String> requiredParts() {
        return parts();
    }

    /** The numbers of a row. */
    @JsonIgnore
    int rowValues() {
        return height * width * channels;
    }
}
