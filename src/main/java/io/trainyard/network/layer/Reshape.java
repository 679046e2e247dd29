package io.trainyard.network.layer;

import static io.trainyard.problem.InvalidFieldException.required;

import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.problem.InvalidFieldException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The same values in another shape, row-major.
 *
 * @param targetShape in which one dimension may be −1: what is left for it
 */
public record Reshape(
        @Nullable String name,
        @Nullable List<String> inputs,

        @ArraySchema(
                arraySchema = @Schema(example = "[28, 28]", requiredMode = Schema.RequiredMode.REQUIRED),
                schema = @Schema(implementation = Integer.class))
        List<Integer> targetShape)
        implements SingleInputLayer {

    private static final int MAX_RANK = 4;

    public Reshape {
        inputs = Node.check(name, inputs);
        required("target_shape", targetShape);
        if (targetShape.isEmpty()
                || targetShape.size() > MAX_RANK
                || targetShape.stream().anyMatch(size -> Objects.isNull(size) || size < -1 || size == 0)
                || targetShape.stream().filter(size -> size == -1).count() > 1) {
            throw new InvalidFieldException(
                    "target_shape", "must hold one to four sizes, of which one may be -1, was " + targetShape);
        }
        targetShape = List.copyOf(targetShape);
    }

    @Override
    public Shape outputShape(Shape input) {
        // In floating point, since sizes can be so large that their product overflows a long.
        double known = targetShape.stream()
                .filter(size -> size > 0)
                .mapToDouble(Integer::doubleValue)
                .reduce(1, (a, b) -> a * b);
        boolean open = targetShape.contains(-1);
        if (open ? input.size() % known != 0 : input.size() != known) {
            throw new ShapeMismatchException("reshape cannot make " + targetShape + " of its input of shape " + input
                    + ", which has " + input.size() + " values");
        }
        int rest = (int) (input.size() / known);
        return new Shape(
                targetShape.stream().map(size -> size == -1 ? rest : size).toList());
    }
}
