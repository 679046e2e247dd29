package io.trainyard.engine.vertex;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A differentiable function of one array, with or without weights. It keeps nothing between its forward and its backward
 * pass, but computes what it needs again. Its fields are its JSON form in the configuration.
 */
public abstract class FunctionVertex extends GraphVertex {

    private static final long serialVersionUID = 1L;

    /** The shapes of its weights, in the order of their values in the network's parameters. */
    protected Map<String, long[]> weightShapes() {
        return Map.of();
    }

    /**
     * The function's value.
     *
     * @param weights by name, as in {@link #weightShapes}
     */
    protected abstract INDArray forward(INDArray input, Map<String, INDArray> weights);

    /**
     * The gradient towards the input, for a gradient towards the output.
     *
     * @param gradients towards the weights, to be assigned
     */
    protected abstract INDArray backward(
            INDArray input, Map<String, INDArray> weights, INDArray epsilon, Map<String, INDArray> gradients);

    /** The weight, or gradient, of a name. */
    static INDArray array(Map<String, INDArray> arrays, String name) {
        return Objects.requireNonNull(arrays.get(name), name);
    }

    /** Sets weights whose first value is not 0. */
    protected void initialise(Map<String, INDArray> weights) {}

    /** Takes the weights, one after another, out of a vector. */
    Map<String, INDArray> views(@Nullable INDArray flat) {
        Map<String, INDArray> views = new LinkedHashMap<>();
        if (flat != null) {
            INDArray vector = flat.reshape(flat.length());
            long offset = 0;
            for (Map.Entry<String, long[]> entry : weightShapes().entrySet()) {
                long length = length(entry.getValue());
                views.put(
                        entry.getKey(),
                        vector.get(NDArrayIndex.interval(offset, offset + length))
                                .reshape('c', entry.getValue()));
                offset += length;
            }
        }
        return views;
    }

    private static long length(long[] shape) {
        long length = 1;
        for (long size : shape) {
            length *= size;
        }
        return length;
    }

    @Override
    public long numParams(boolean backprop) {
        return weightShapes().values().stream()
                .mapToLong(FunctionVertex::length)
                .sum();
    }

    @Override
    public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
            ComputationGraph graph,
            String name,
            int index,
            INDArray parameters,
            boolean initialize,
            DataType dataType) {
        FunctionGraphVertex vertex = new FunctionGraphVertex(graph, name, index, dataType, this, parameters);
        if (initialize) {
            initialise(vertex.paramTable(false));
        }
        return vertex;
    }

    @Override
    public int minVertexInputs() {
        return 1;
    }

    @Override
    public int maxVertexInputs() {
        return 1;
    }

    /** Never asked for: networks are built with every size given. */
    @Override
    public InputType getOutputType(int index, InputType... inputs) {
        throw new UnsupportedOperationException();
    }

    /** Never asked for. */
    @Override
    public MemoryReport getMemoryReport(InputType... inputs) {
        throw new UnsupportedOperationException();
    }

    /** Immutable. */
    @Override
    public GraphVertex clone() {
        return this;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
