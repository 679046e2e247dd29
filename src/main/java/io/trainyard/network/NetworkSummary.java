package io.trainyard.network;

import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.problem.FieldError;
import io.trainyard.problem.InvalidFieldException;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What Keras' {@code model.summary()} prints: each layer with its output shape and parameters, and the totals.
 *
 * @param memory the least that training needs, in bytes, at the given batch size
 */
public record NetworkSummary(List<Layer> layers, long totalParameters, long trainableParameters, Memory memory) {

    private static final int BYTES_PER_VALUE = 4;

    /** One row of the summary. */
    public record Layer(
            @Schema(example = "dense_1") String name,
            @Schema(example = "dense") String type,

            @ArraySchema(arraySchema = @Schema(example = "[200]"), schema = @Schema(implementation = Integer.class))
            Shape outputShape,

            @Schema(example = "156800") long parameters) {}

    /**
     * Memory that training takes, in bytes, with 4-byte values.
     *
     * @param weightsBytes parameters and their gradients
     * @param updaterBytes the optimizer's state
     * @param activationsBytes outputs of all layers for one batch, and their gradients
     */
    public record Memory(long weightsBytes, long updaterBytes, long activationsBytes) {
        public long totalBytes() {
            return (long) ((double) weightsBytes + updaterBytes + activationsBytes);
        }
    }

    /**
     * Infers every shape of a network and checks that it answers the dataset's question.
     *
     * @param inputShape the dataset's
     * @param classes the number of classes that it must tell apart
     * @throws ProblemException INVALID_NETWORK with one error for each fault, its pointer relative to the job's body
     */
    public static NetworkSummary of(NetworkSpec network, TrainingSpec training, Shape inputShape, int classes) {
        Shape given = network.inputShape();
        if (given != null && !given.equals(inputShape)) {
            throw invalid(new FieldError(
                    "/network/input_shape", "is " + given + ", but the dataset's input shape is " + inputShape));
        }
        List<Layer> layers = new ArrayList<>();
        List<String> names = names(network.layers());
        Shape shape = inputShape;
        long trainable = 0;
        long nonTrainable = 0;
        long activations = inputShape.size();
        for (int i = 0; i < network.layers().size(); i++) {
            LayerSpec layer = network.layers().get(i);
            Shape input = shape;
            try {
                shape = layer.outputShape(input);
            } catch (ShapeMismatchException | InvalidFieldException mismatch) {
                throw invalid(layerError(i, String.valueOf(mismatch.getMessage())));
            }
            if (activation(layer) == Activation.SOFTMAX && shape.rank() != 1) {
                throw invalid(layerError(i, "softmax takes a vector [n], but its input has shape " + shape));
            }
            trainable += layer.trainableParameters(input);
            nonTrainable += layer.nonTrainableParameters(input);
            activations += shape.size();
            layers.add(new Layer(
                    names.get(i),
                    layer.type(),
                    shape,
                    layer.trainableParameters(input) + layer.nonTrainableParameters(input)));
        }
        checkOutput(network.layers(), shape, classes);
        long parameters = trainable + nonTrainable;
        // In floating point, since a network can be so large that its bytes overflow a long; the cast stops at the end.
        Memory memory = new Memory(
                (long) (2.0 * BYTES_PER_VALUE * parameters),
                (long) ((double) BYTES_PER_VALUE * training.optimizer().stateSlots() * trainable),
                (long) (2.0 * BYTES_PER_VALUE * training.batchSize() * activations));
        return new NetworkSummary(List.copyOf(layers), parameters, trainable, memory);
    }

    private static void checkOutput(List<LayerSpec> layers, Shape output, int classes) {
        int last = layers.size() - 1;
        Shape expected = Shape.of(classes);
        if (!output.equals(expected)) {
            throw invalid(layerError(
                    last,
                    "the network ends in shape " + output + ", but the dataset has " + classes + " classes: shape "
                            + expected));
        }
        if (activation(layers.get(last)) != Activation.SOFTMAX) {
            throw invalid(layerError(
                    last, "the last layer must have activation 'softmax', since the network tells classes apart"));
        }
    }

    private static Activation activation(LayerSpec layer) {
        if (layer instanceof LayerSpec.Dense dense) {
            return dense.activation();
        }
        if (layer instanceof LayerSpec.Conv2d conv) {
            return conv.activation();
        }
        return layer instanceof LayerSpec.ActivationLayer alone ? alone.activation() : Activation.LINEAR;
    }

    /** Names as Keras makes them: the type, then type_1, type_2… */
    private static List<String> names(List<LayerSpec> layers) {
        Map<String, Integer> counts = new HashMap<>();
        Set<String> used = new HashSet<>();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            LayerSpec layer = layers.get(i);
            String name = layer.name();
            if (name == null) {
                int count = counts.merge(layer.type(), 1, Integer::sum) - 1;
                name = count == 0 ? layer.type() : layer.type() + "_" + count;
            }
            if (!used.add(name)) {
                throw invalid(new FieldError("/network/layers/" + i + "/name", "'" + name + "' is already used"));
            }
            names.add(name);
        }
        return names;
    }

    private static FieldError layerError(int index, String detail) {
        return new FieldError("/network/layers/" + index, detail);
    }

    private static ProblemException invalid(FieldError error) {
        return new ProblemException(
                ProblemType.INVALID_NETWORK, error.pointer() + ": " + error.detail(), List.of(error));
    }
}
