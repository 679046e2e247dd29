package io.trainyard.network;

import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.network.layer.Shape;
import io.trainyard.network.layer.Weight;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What Keras' {@code model.summary()} prints: each layer with its output shape and parameters, and the totals.
 *
 * @param trainableParameters those that training changes by gradients
 * @param memory the least that training needs, in bytes, at the given batch size
 */
public record NetworkSummary(List<Layer> layers, long totalParameters, long trainableParameters, Memory memory) {

    /** Rows of a batch in an evaluation. */
    public static final int EVALUATION_BATCH = 256;

    private static final int BYTES_PER_VALUE = 4;

    /**
     * One row of the summary.
     *
     * @param inputs names of the layers that it takes the outputs of
     */
    public record Layer(
            @Schema(example = "dense_1") String name,
            @Schema(example = "dense") String type,

            @ArraySchema(arraySchema = @Schema(example = "[200]"), schema = @Schema(implementation = Integer.class))
            Shape outputShape,

            @Schema(example = "156800") long parameters,
            List<String> inputs) {}

    /**
     * Memory that training takes, in bytes, with 4-byte values.
     *
     * @param weightsBytes parameters and their gradients
     * @param updaterBytes the optimizer's state
     * @param activationsBytes outputs of all layers for one batch, their gradients, and what layers keep within; or what
     *     the largest layer takes and gives in an evaluation, where that is more
     */
    public record Memory(long weightsBytes, long updaterBytes, long activationsBytes) {
        public long totalBytes() {
            return (long) ((double) weightsBytes + updaterBytes + activationsBytes);
        }
    }

    /**
     * The summary of a network that is trained in batches of the given size.
     *
     * @param heldOut rows of an evaluation
     */
    public static NetworkSummary of(NetworkGraph graph, int batchSize, OptimizerSpec optimizer, int heldOut) {
        double parameters = 0;
        double trainable = 0;
        double activations = graph.inputShape().size();
        double largest = 0;
        int evaluated = Math.min(EVALUATION_BATCH, heldOut);
        for (NetworkGraph.Node node : graph.nodes()) {
            parameters += node.parameters();
            trainable += node.weights().stream()
                    .filter(Weight::trainable)
                    .mapToDouble(Weight::size)
                    .sum();
            double working = node.layer().workingValues(node.inputShapes());
            activations += node.outputShape().size() + working / 2;
            double taken = node.inputShapes().stream().mapToDouble(Shape::size).sum();
            largest = Math.max(largest, taken + node.outputShape().size() + working);
        }
        // In floating point, since a network can be so large that its bytes overflow a long; the cast stops at the end.
        Memory memory = new Memory(
                (long) (2 * BYTES_PER_VALUE * parameters),
                (long) (BYTES_PER_VALUE * optimizer.stateSlots() * trainable),
                (long) (BYTES_PER_VALUE * Math.max(2.0 * batchSize * activations, evaluated * largest)));
        List<Layer> layers = graph.nodes().stream()
                .map(node -> new Layer(
                        node.name(), node.layer().type(), node.outputShape(), node.parameters(), node.inputs()))
                .toList();
        return new NetworkSummary(layers, (long) parameters, (long) trainable, memory);
    }

    /** The table as {@code model.summary()} prints it. */
    public String render() {
        StringBuilder text = new StringBuilder();
        int name = width(layers.stream().map(NetworkSummary::title).toList(), "Layer (type)");
        int shape =
                width(layers.stream().map(layer -> batched(layer.outputShape())).toList(), "Output shape");
        int count =
                width(layers.stream().map(layer -> grouped(layer.parameters())).toList(), "Parameters");
        String row = " %-" + name + "s  %-" + shape + "s  %" + count + "s  %s%n";
        text.append(String.format(row, "Layer (type)", "Output shape", "Parameters", "Connected to"));
        text.append("─".repeat(name + shape + count + 20)).append(System.lineSeparator());
        for (Layer layer : layers) {
            text.append(String.format(
                    row,
                    title(layer),
                    batched(layer.outputShape()),
                    grouped(layer.parameters()),
                    String.join(", ", layer.inputs())));
        }
        text.append("─".repeat(name + shape + count + 20)).append(System.lineSeparator());
        text.append(String.format(" Total parameters:         %s%n", grouped(totalParameters)));
        text.append(String.format(" Trainable parameters:     %s%n", grouped(trainableParameters)));
        text.append(String.format(" Non-trainable parameters: %s%n", grouped(totalParameters - trainableParameters)));
        text.append(String.format(
                " Memory to train: %s (weights and gradients %s, optimizer %s, activations %s)%n",
                bytes(memory.totalBytes()),
                bytes(memory.weightsBytes()),
                bytes(memory.updaterBytes()),
                bytes(memory.activationsBytes())));
        return text.toString();
    }

    private static String title(Layer layer) {
        return layer.name() + " (" + layer.type() + ")";
    }

    private static String batched(Shape shape) {
        return shape.dimensions().stream().map(String::valueOf).collect(Collectors.joining(", ", "(None, ", ")"));
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String bytes(long bytes) {
        return String.format(Locale.ROOT, "%,.1f MB", bytes / 1e6);
    }

    private static int width(List<String> values, String title) {
        return Math.max(
                title.length(), values.stream().mapToInt(String::length).max().orElse(0));
    }
}
