package io.trainyard.network.layer;

import static io.trainyard.problem.InvalidFieldException.inRange;
import static io.trainyard.problem.InvalidFieldException.required;
import static java.util.Objects.requireNonNullElse;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A learned vector for each integer of its input: {@code [steps]} to {@code [steps, output_dim]}.
 *
 * @param inputDim integers from 0 to this, exclusive, occur
 */
public record Embedding(
        @Nullable String name,
        @Nullable List<String> inputs,

        @Schema(example = "1000", requiredMode = Schema.RequiredMode.REQUIRED)
        Integer inputDim,

        @Schema(example = "16", requiredMode = Schema.RequiredMode.REQUIRED)
        Integer outputDim,

        @NameOrObject Initializer embeddingsInitializer,
        @NameOrObject @Nullable Regularizer embeddingsRegularizer)
        implements SingleInputLayer {

    private static final int MAX_INPUT = 1 << 20;
    private static final int MAX_OUTPUT = 1 << 16;

    public Embedding {
        inputs = Node.check(name, inputs);
        inputDim = inRange("input_dim", required("input_dim", inputDim), 0, 1, MAX_INPUT);
        outputDim = inRange("output_dim", required("output_dim", outputDim), 0, 1, MAX_OUTPUT);
        embeddingsInitializer = requireNonNullElse(embeddingsInitializer, new Initializer.RandomUniform(-0.05, 0.05));
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input.rank() != 1) {
            throw new ShapeMismatchException("embedding takes a vector of integers [steps], but its input has shape "
                    + input + "; put a flatten before it");
        }
        return Shape.of(input.size(), outputDim);
    }

    @Override
    public List<Weight> weights(Shape input) {
        return List.of(
                Weight.of("embeddings", List.of(inputDim, outputDim), embeddingsInitializer, embeddingsRegularizer));
    }
}
