package io.trainyard.engine.vertex;

import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Batch normalisation that is not trained: it normalises by its moving averages, as Keras' does with {@code trainable:
 * false}. Its weights have the names and the order of DL4J's.
 */
public final class FrozenBatchNormalizationVertex extends FunctionVertex {

    private static final long serialVersionUID = 1L;

    @JsonProperty
    private long size;

    @JsonProperty
    private double epsilon;

    /** For its JSON form. */
    FrozenBatchNormalizationVertex() {}

    /** Over {@code size} channels, the last axis. */
    public FrozenBatchNormalizationVertex(long size, double epsilon) {
        this.size = size;
        this.epsilon = epsilon;
    }

    @Override
    protected Map<String, long[]> weightShapes() {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        for (String name : new String[] {"gamma", "beta", "mean", "var"}) {
            shapes.put(name, new long[] {size});
        }
        return shapes;
    }

    @Override
    protected void initialise(Map<String, INDArray> weights) {
        array(weights, "gamma").assign(1);
        array(weights, "var").assign(1);
    }

    @Override
    protected INDArray forward(INDArray input, Map<String, INDArray> weights) {
        return input.reshape('c', -1, size)
                .subRowVector(array(weights, "mean"))
                .muliRowVector(factor(weights))
                .addiRowVector(array(weights, "beta"))
                .reshape('c', input.shape());
    }

    @Override
    protected INDArray backward(
            INDArray input, Map<String, INDArray> weights, INDArray towardsOutput, Map<String, INDArray> gradients) {
        gradients.values().forEach(gradient -> gradient.assign(0));
        return towardsOutput
                .dup('c')
                .reshape('c', -1, size)
                .muliRowVector(factor(weights))
                .reshape('c', input.shape());
    }

    private INDArray factor(Map<String, INDArray> weights) {
        return array(weights, "gamma").div(Transforms.sqrt(array(weights, "var").add(epsilon), false));
    }
}
