package io.trainyard.engine.onednn;

import io.trainyard.network.NetworkGraph;
import io.trainyard.network.layer.Activation;
import io.trainyard.network.layer.ActivationLayer;
import io.trainyard.network.layer.BatchNormalization;
import io.trainyard.network.layer.Conv1d;
import io.trainyard.network.layer.Conv2d;
import io.trainyard.network.layer.Dense;
import io.trainyard.network.layer.DepthwiseConv2d;
import io.trainyard.network.layer.LayerSpec;
import java.util.HashMap;
import java.util.Map;

/**
 * The activation that each layer is to apply. An activation layer is left to the layer before it, where that can compute it on
 * the way and nobody else takes what it gives without; a softmax or sigmoid at the network's end is left to the loss.
 */
final class JoinedActivations {

    private final String output;
    /** By the name of the layer that applies it. */
    private final Map<String, Activation> joined = new HashMap<>();

    JoinedActivations(NetworkGraph spec) {
        this.output = spec.output().name();
        Map<String, NetworkGraph.Node> byName = new HashMap<>();
        Map<String, Integer> uses = new HashMap<>();
        for (NetworkGraph.Node node : spec.nodes()) {
            byName.put(node.name(), node);
            node.inputs().forEach(input -> uses.merge(input, 1, Integer::sum));
        }
        for (NetworkGraph.Node node : spec.nodes()) {
            NetworkGraph.Node before = byName.get(node.inputs().get(0));
            if (node.layer() instanceof ActivationLayer layer
                    && before != null
                    && uses.getOrDefault(before.name(), 0) == 1
                    && canApply(before.layer(), own(node, layer.activation()))) {
                joined.put(before.name(), own(node, layer.activation()));
            }
        }
    }

    private static boolean canApply(LayerSpec layer, Activation activation) {
        if (layer instanceof BatchNormalization) {
            return activation == Activation.RELU;
        }
        boolean any = layer instanceof Conv1d
                || layer instanceof Conv2d
                || layer instanceof DepthwiseConv2d
                || layer instanceof Dense;
        return any && layer.outputActivation() == Activation.LINEAR;
    }

    /** Whether the layer before this one applies it. */
    boolean isJoined(NetworkGraph.Node node) {
        return node.layer() instanceof ActivationLayer
                && joined.containsKey(node.inputs().get(0));
    }

    /** What a layer is to apply whose own activation is given. */
    Activation of(NetworkGraph.Node node, Activation own) {
        Activation other = joined.get(node.name());
        return other == null ? own(node, own) : other;
    }

    private Activation own(NetworkGraph.Node node, Activation own) {
        boolean ofLoss = own == Activation.SOFTMAX || own == Activation.SIGMOID;
        return ofLoss && node.name().equals(output) ? Activation.LINEAR : own;
    }
}
