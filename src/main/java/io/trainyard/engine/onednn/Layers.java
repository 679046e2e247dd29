package io.trainyard.engine.onednn;

import io.trainyard.network.NetworkGraph;
import io.trainyard.network.layer.LayerSpec;
import java.util.HashMap;
import java.util.Map;

/** How each type of layer becomes primitives. */
final class Layers {

    private static final Map<Class<? extends LayerSpec>, Addition<LayerSpec>> BY_TYPE = new HashMap<>();

    static {
        Shapes.register();
        DenseLayers.register();
        Convolutions.register();
        Poolings.register();
        Normalizations.register();
        LayerNormalizations.register();
        Activations.register();
        Noise.register();
        Recurrences.register();
        Merges.register();
    }

    private Layers() {}

    /** Adds the primitives of a layer to a plan; returns what the layer gives. */
    interface Addition<T extends LayerSpec> {
        Value add(T layer, NetworkGraph.Node node, PlanBuilder plan);
    }

    static <T extends LayerSpec> void on(Class<T> type, Addition<T> addition) {
        BY_TYPE.put(type, (layer, node, plan) -> addition.add(type.cast(layer), node, plan));
    }

    static Value add(NetworkGraph.Node node, PlanBuilder plan) {
        Addition<LayerSpec> addition = BY_TYPE.get(node.layer().getClass());
        if (addition == null) {
            throw new UnsupportedLayerException(node.layer().type());
        }
        try {
            return addition.add(node.layer(), node, plan);
        } catch (UnsupportedLayerException unsupported) {
            throw new UnsupportedLayerException(node.name() + ": " + unsupported.getMessage(), unsupported);
        } catch (RuntimeException refused) {
            if (Status.UNIMPLEMENTED.isOf(refused)) {
                throw new UnsupportedLayerException(node.name() + ": " + refused.getMessage(), refused);
            }
            throw refused;
        }
    }
}
