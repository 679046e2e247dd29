package io.trainyard.network;

import static io.trainyard.problem.InvalidFieldException.inRange;
import static java.util.Objects.requireNonNullElse;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Locale;

/**
 * Random changes of training pictures, anew in each epoch, by the names of Keras' ImageDataGenerator.
 *
 * @param rotationRange degrees to either side
 * @param widthShiftRange share of the width to either side
 * @param heightShiftRange share of the height to either side
 * @param zoomRange pictures are scaled by a factor in 1 ± this, in each direction on its own
 * @param fillMode what stands outside the picture
 */
public record Augmentation(
        @Schema(example = "10", defaultValue = "0") Double rotationRange,
        @Schema(example = "0.1", defaultValue = "0") Double widthShiftRange,
        @Schema(example = "0.1", defaultValue = "0") Double heightShiftRange,
        @Schema(example = "0.1", defaultValue = "0") Double zoomRange,
        @Schema(defaultValue = "false") Boolean horizontalFlip,
        @Schema(defaultValue = "false") Boolean verticalFlip,
        FillMode fillMode) {

    /** What stands outside the picture. */
    public enum FillMode {
        /** The nearest pixel of the border. */
        NEAREST,
        /** Zeros. */
        CONSTANT;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final double MAX_ROTATION = 180.001;

    public Augmentation {
        rotationRange = inRange("rotation_range", rotationRange, 0, 0, MAX_ROTATION);
        widthShiftRange = inRange("width_shift_range", widthShiftRange, 0, 0, 1);
        heightShiftRange = inRange("height_shift_range", heightShiftRange, 0, 0, 1);
        zoomRange = inRange("zoom_range", zoomRange, 0, 0, 1);
        horizontalFlip = requireNonNullElse(horizontalFlip, false);
        verticalFlip = requireNonNullElse(verticalFlip, false);
        fillMode = requireNonNullElse(fillMode, FillMode.NEAREST);
    }
}
