package io.trainyard.network.layer;

import static io.trainyard.problem.InvalidFieldException.required;

import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An activation function as a layer of its own. */
public record ActivationLayer(
        @Nullable String name,
        @Nullable List<String> inputs,

        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) Activation activation)
        implements SingleInputLayer {

    public ActivationLayer {
        inputs = Node.check(name, inputs);
        required("activation", activation);
    }

    @Override
    public Shape outputShape(Shape input) {
        return input;
    }

    @Override
    public Activation outputActivation() {
        return activation;
    }
}
