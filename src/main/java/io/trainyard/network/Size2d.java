package io.trainyard.network;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.problem.InvalidFieldException;
import java.util.List;
import java.util.Objects;

/** Height and width of a kernel, window or stride; in JSON an integer for both, or {@code [height, width]}. */
@Schema(
        description = "An integer for both height and width, or `[height, width]`.",
        oneOf = {Integer.class, Integer[].class},
        example = "3")
public record Size2d(int height, int width) {

    static final int MAX = 1024;

    public Size2d {
        if (height < 1 || width < 1 || height > MAX || width > MAX) {
            throw new InvalidFieldException("", "must be from 1 to " + MAX + ", was [" + height + ", " + width + "]");
        }
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Size2d square(int size) {
        return new Size2d(size, size);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Size2d of(List<Integer> sizes) {
        if (sizes.size() != 2 || sizes.stream().anyMatch(Objects::isNull)) {
            throw new InvalidFieldException("", "must be an integer or [height, width], was " + sizes);
        }
        return new Size2d(sizes.get(0), sizes.get(1));
    }

    @JsonValue
    List<Integer> write() {
        return List.of(height, width);
    }
}
