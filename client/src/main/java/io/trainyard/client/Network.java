package io.trainyard.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A network: its layers, or what {@code model.to_json()} of Keras wrote, or a preset's name, or a version to go on from.
 *
 * @param inputShape channels last, without the batch dimension; the dataset's where it is null
 * @param freeze names of layers that are not trained
 */
public record Network(
        @Nullable List<Integer> inputShape,
        @Nullable List<Spec> layers,
        @Nullable Object keras,
        @Nullable String preset,
        @Nullable Base base,
        @Nullable List<String> freeze) {

    /**
     * A version whose weights are gone on from.
     *
     * @param version the newest where it is null
     * @param until the last layer that is taken; all where it is null
     */
    public record Base(
            String model,
            @Nullable Integer version,
            @Nullable String until) {}

    /** A network of layers, one after the other. */
    public static Network of(Spec... layers) {
        return new Network(null, List.of(layers), null, null, null, null);
    }

    /** A ready network. */
    public static Network preset(String name) {
        return new Network(null, null, null, name, null, null);
    }
}
