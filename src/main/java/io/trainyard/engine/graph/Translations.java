package io.trainyard.engine.graph;

import io.trainyard.network.NetworkGraph;
import io.trainyard.network.layer.LayerSpec;
import java.util.HashMap;
import java.util.Map;

/** How each type of layer becomes vertices. */
final class Translations {

    private static final Map<Class<? extends LayerSpec>, Translation<LayerSpec>> BY_TYPE = new HashMap<>();

    static {
        CoreTranslations.register();
        ConvolutionTranslations.register();
        RecurrentTranslations.register();
    }

    private Translations() {}

    /** Adds the vertices of a layer, places its weights and returns the vertex that holds its output. */
    interface Translation<T extends LayerSpec> {
        String translate(T layer, NetworkGraph.Node node, GraphBuilder graph);
    }

    static <T extends LayerSpec> void on(Class<T> type, Translation<T> translation) {
        BY_TYPE.put(type, (layer, node, graph) -> translation.translate(type.cast(layer), node, graph));
    }

    static String translate(NetworkGraph.Node node, GraphBuilder graph) {
        Translation<LayerSpec> translation = BY_TYPE.get(node.layer().getClass());
        if (translation == null) {
            throw new IllegalStateException("no translation for " + node.layer().type());
        }
        return translation.translate(node.layer(), node, graph);
    }
}
