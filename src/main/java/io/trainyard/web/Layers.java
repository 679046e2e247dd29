package io.trainyard.web;

import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The layers of a version, as its summary has them: those of an imported file may be another program's. */
record Layers(List<Layer> layers, long parameters, long trainable) {

    /** One of them. */
    record Layer(String name, String type, String shape, long parameters, String inputs) {}

    static Layers of(JsonNode summary) {
        return new Layers(
                summary.path("layers")
                        .valueStream()
                        .map(layer -> new Layer(
                                layer.path("name").asString(""),
                                layer.path("type").asString(""),
                                texts(layer.path("output_shape"), " × "),
                                layer.path("parameters").asLong(0),
                                texts(layer.path("inputs"), ", ")))
                        .toList(),
                summary.path("total_parameters").asLong(0),
                summary.path("trainable_parameters").asLong(0));
    }

    private static String texts(JsonNode list, String between) {
        return list.valueStream().map(JsonNode::asString).collect(Collectors.joining(between));
    }
}
