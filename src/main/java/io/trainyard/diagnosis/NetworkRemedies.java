package io.trainyard.diagnosis;

import io.trainyard.network.NetworkGraph;
import io.trainyard.network.NetworkSpec;
import io.trainyard.network.layer.Activation;
import io.trainyard.network.layer.ActivationLayer;
import io.trainyard.network.layer.BatchNormalization;
import io.trainyard.network.layer.Conv2d;
import io.trainyard.network.layer.Dense;
import io.trainyard.network.layer.Dropout;
import io.trainyard.network.layer.Flatten;
import io.trainyard.network.layer.LayerNormalization;
import io.trainyard.network.layer.LayerSpec;
import io.trainyard.network.layer.LeakyRelu;
import io.trainyard.network.layer.Multiply;
import io.trainyard.network.layer.Weight;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Changes of a job's layers; each is empty where there is no place for it. Layers that come from a base version, or are
 * frozen, stay as they are, and a layer is only put between two that follow each other without being named.
 */
final class NetworkRemedies {

    private static final double DROPOUT_RATE = 0.3;

    /** Half of the values: above it, networks of a usual size learn too little. */
    private static final double HIGHEST_DROPOUT_RATE = 0.5;

    private static final int FEWEST_UNITS = 16;
    private static final int FEWEST_HIDDEN_UNITS = 32;
    private static final int MOST_HIDDEN_UNITS = 256;
    private static final int FILTERS = 16;

    private final NetworkSpec network;
    private final List<NetworkGraph.Node> nodes;
    private final int firstOwn;
    private final int answer;

    NetworkRemedies(Curves curves) {
        this.network = curves.spec().network();
        this.nodes = curves.graph().nodes();
        NetworkSpec.BaseVersion base = network.base();
        this.firstOwn = base == null ? 0 : index(base.until()) + 1;
        this.answer = IntStream.range(0, nodes.size())
                .filter(this::hasWeights)
                .filter(i -> !isNormalization(nodes.get(i).layer()))
                .reduce((first, second) -> second)
                .orElse(nodes.size() - 1);
    }

    private int index(String name) {
        return IntStream.range(0, nodes.size())
                .filter(i -> nodes.get(i).name().equals(name))
                .findFirst()
                .orElse(nodes.size() - 1);
    }

    /** Indices of hidden layers with a saturating activation, those of a base too. */
    List<Integer> saturating() {
        return IntStream.range(0, nodes.size() - 1)
                .filter(this::saturates)
                .boxed()
                .toList();
    }

    /** Whether there are weights below those that give the answer. */
    boolean hasHiddenLayer() {
        return IntStream.range(0, answer)
                .anyMatch(i -> hasWeights(i) && !isNormalization(nodes.get(i).layer()));
    }

    Optional<Suggestion> useRelu() {
        return suggestion(
                "use_relu",
                "Use relu in the hidden layers",
                "relu has a slope of one wherever it is not zero, so that the gradient comes through any number of layers.",
                saturating().stream()
                        .filter(this::isOwn)
                        .map(i -> Change.replace(path(i) + "/activation", Activation.RELU.toString()))
                        .toList());
    }

    /** Dropout behind each hidden dense layer, or before the answer; where there is some already, more of it. */
    Optional<Suggestion> dropout() {
        if (nodes.stream().anyMatch(node -> node.layer() instanceof Dropout)) {
            return moreDropout();
        }
        List<Integer> places = new ArrayList<>(
                hiddenDense().map(this::behindActivation).filter(this::isGap).toList());
        if (places.isEmpty() && hasHiddenLayer() && nodes.get(answer).layer() instanceof Dense && isGap(answer)) {
            places.add(answer);
        }
        // From the last to the first, so that no insertion moves a later one's place.
        places.sort(Comparator.reverseOrder());
        ObjectNode dropout =
                JsonNodeFactory.instance.objectNode().put("type", "dropout").put("rate", DROPOUT_RATE);
        return suggestion(
                "add_dropout",
                "Add dropout",
                "Dropout switches off a share of the values at random in each step, so that no row can be learned by heart"
                        + " along one path through the network.",
                places.stream().map(i -> Change.add(path(i), dropout)).toList());
    }

    private Optional<Suggestion> moreDropout() {
        List<Change> changes = new ArrayList<>();
        for (int i = firstOwn; i < nodes.size(); i++) {
            if (nodes.get(i).layer() instanceof Dropout dropout && dropout.rate() < HIGHEST_DROPOUT_RATE) {
                // Halfway to a half, in hundredths.
                double rate = Math.ceil(50 * (dropout.rate() + HIGHEST_DROPOUT_RATE)) / 100;
                changes.add(Change.replace(path(i) + "/rate", rate));
            }
        }
        return suggestion(
                "more_dropout",
                "Drop more",
                "There is dropout already; with a higher rate less of the training rows can be learned by heart.",
                changes);
    }

    Optional<Suggestion> fewerWeights() {
        return suggestion(
                "fewer_weights",
                "Halve the hidden dense layers",
                "A network with fewer weights has less room for what is only true of the training rows.",
                hiddenDense()
                        .filter(i -> units(i) >= FEWEST_UNITS)
                        .map(i -> Change.replace(path(i) + "/units", units(i) / 2))
                        .toList());
    }

    Optional<Suggestion> moreWeights() {
        return suggestion(
                "more_weights",
                "Double the hidden dense layers",
                "A wider layer has more to combine, and can draw finer boundaries.",
                hiddenDense()
                        .map(i -> Change.replace(path(i) + "/units", 2 * units(i)))
                        .toList());
    }

    /** A dense layer with relu before the one that gives the answer. */
    Optional<Suggestion> hiddenLayer() {
        if (!(nodes.get(answer).layer() instanceof Dense dense)
                || nodes.get(answer).inputShape().rank() != 1
                || !isGap(answer)) {
            return Optional.empty();
        }
        // Named, since names that are made from types would move on by one.
        ObjectNode hidden = JsonNodeFactory.instance
                .objectNode()
                .put("type", "dense")
                .put("name", unusedName("hidden"))
                .put("units", hiddenUnits(nodes.get(answer).inputShape().size(), dense.units()))
                .put("activation", Activation.RELU.toString());
        return suggestion(
                "add_hidden_layer",
                hasHiddenLayer() ? "Add another hidden layer" : "Add a hidden layer",
                "A hidden layer with relu lets the network bend: it can put together features that the inputs do not show"
                        + " one by one.",
                List.of(Change.add(path(answer), hidden)));
    }

    /** Between the sizes of what it takes and what it is for: the geometric mean, as a power of two. */
    private static int hiddenUnits(int inputs, int outputs) {
        int mean = (int) Math.ceil(Math.sqrt((double) inputs * outputs));
        int power = Integer.highestOneBit(Math.max(1, 2 * mean - 1));
        return Math.max(FEWEST_HIDDEN_UNITS, Math.min(MOST_HIDDEN_UNITS, power));
    }

    /** For pictures that are flattened at once. */
    Optional<Suggestion> convolution() {
        boolean isFlattened = nodes.get(0).inputShape().isImage()
                && nodes.get(0).layer() instanceof Flatten
                && isGap(0)
                && nodes.stream().noneMatch(node -> node.layer() instanceof Conv2d)
                && nodes.stream().skip(1).noneMatch(node -> node.inputs().contains(NetworkGraph.INPUT));
        if (!isFlattened) {
            return Optional.empty();
        }
        ObjectNode convolution = JsonNodeFactory.instance
                .objectNode()
                .put("type", "conv2d")
                .put("filters", FILTERS)
                .put("kernel_size", 3)
                .put("padding", "same")
                .put("activation", Activation.RELU.toString());
        ObjectNode pooling = JsonNodeFactory.instance.objectNode().put("type", "max_pooling2d");
        return suggestion(
                "add_convolution",
                "Begin with a convolution",
                "A convolution looks for the same small patterns all over the picture; a flattened picture has lost which"
                        + " pixels are neighbours.",
                List.of(Change.add(path(0), convolution), Change.add(path(1), pooling)));
    }

    private Stream<Integer> hiddenDense() {
        return IntStream.range(0, answer)
                .filter(i -> nodes.get(i).layer() instanceof Dense
                        && nodes.get(i).outputShape().rank() == 1)
                .boxed()
                .filter(this::isOwn);
    }

    private int units(int index) {
        return nodes.get(index).layer() instanceof Dense dense ? dense.units() : 0;
    }

    /** The index after a layer and the normalisation and activation that follow it. */
    private int behindActivation(int index) {
        int next = index + 1;
        while (next < nodes.size() && isPartOfItsLayer(nodes.get(next).layer()) && isGap(next)) {
            next++;
        }
        return next;
    }

    private static boolean isPartOfItsLayer(LayerSpec layer) {
        return isNormalization(layer) || layer instanceof ActivationLayer || layer instanceof LeakyRelu;
    }

    private static boolean isNormalization(LayerSpec layer) {
        return layer instanceof BatchNormalization || layer instanceof LayerNormalization;
    }

    /** Whether a layer can be put before the one at {@code index}. */
    private boolean isGap(int index) {
        return index >= firstOwn
                && index < nodes.size()
                && network.layers().get(index).inputs() == null;
    }

    private boolean isOwn(int index) {
        return index >= firstOwn && !nodes.get(index).frozen();
    }

    private boolean hasWeights(int index) {
        return nodes.get(index).weights().stream().anyMatch(Weight::trainable);
    }

    private boolean saturates(int index) {
        NetworkGraph.Node node = nodes.get(index);
        Activation activation = node.layer().outputActivation();
        // A sigmoid that something is multiplied with is a gate, and meant to saturate.
        boolean gate = nodes.stream()
                .anyMatch(other ->
                        other.layer() instanceof Multiply && other.inputs().contains(node.name()));
        return (activation == Activation.SIGMOID || activation == Activation.TANH) && !gate;
    }

    private String unusedName(String name) {
        Set<String> used = nodes.stream().map(NetworkGraph.Node::name).collect(Collectors.toSet());
        return Stream.iterate(1, number -> number + 1)
                .map(number -> number == 1 ? name : name + "_" + number)
                .filter(candidate -> !used.contains(candidate))
                .findFirst()
                .orElseThrow();
    }

    private static String path(int index) {
        return "/network/layers/" + index;
    }

    private static Optional<Suggestion> suggestion(String code, String title, String detail, List<Change> changes) {
        return changes.isEmpty() ? Optional.empty() : Optional.of(new Suggestion(code, title, detail, changes));
    }
}
