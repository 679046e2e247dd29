package io.trainyard.client;

import java.util.List;

/** What a network would be: shapes, parameters, memory. */
public record NetworkSummary(List<Layer> layers, long totalParameters, long trainableParameters, Memory memory) {

    /** One of its layers. */
    public record Layer(String name, String type, List<Integer> outputShape, long parameters, List<String> inputs) {}

    /** What training it would take. */
    public record Memory(long weightsBytes, long updaterBytes, long activationsBytes) {}
}
