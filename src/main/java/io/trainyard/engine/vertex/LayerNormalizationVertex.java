package io.trainyard.engine.vertex;

import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Layer normalisation over the last axis (Ba et al., 2016): {@code gamma · (x − mean) / √(variance + epsilon) + beta}.
 */
public final class LayerNormalizationVertex extends FunctionVertex {

    private static final long serialVersionUID = 1L;

    @JsonProperty
    private long size;

    @JsonProperty
    private double epsilon;

    @JsonProperty
    private boolean scale;

    @JsonProperty
    private boolean center;

    /** For its JSON form. */
    LayerNormalizationVertex() {}

    /** Over {@code size} values, with a gamma where {@code scale} and a beta where {@code center}. */
    public LayerNormalizationVertex(long size, double epsilon, boolean scale, boolean center) {
        this.size = size;
        this.epsilon = epsilon;
        this.scale = scale;
        this.center = center;
    }

    @Override
    protected Map<String, long[]> weightShapes() {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        if (scale) {
            shapes.put("gamma", new long[] {size});
        }
        if (center) {
            shapes.put("beta", new long[] {size});
        }
        return shapes;
    }

    @Override
    protected INDArray forward(INDArray input, Map<String, INDArray> weights) {
        INDArray rows = input.reshape('c', -1, size);
        INDArray out = normalised(rows, deviation(rows));
        if (scale) {
            out.muliRowVector(array(weights, "gamma"));
        }
        if (center) {
            out.addiRowVector(array(weights, "beta"));
        }
        return out.reshape('c', input.shape());
    }

    @Override
    protected INDArray backward(
            INDArray input, Map<String, INDArray> weights, INDArray towardsOutput, Map<String, INDArray> gradients) {
        INDArray rows = input.reshape('c', -1, size);
        INDArray deviation = deviation(rows);
        INDArray normalised = normalised(rows, deviation);
        INDArray gradient = towardsOutput.dup('c').reshape('c', -1, size);
        if (center) {
            array(gradients, "beta").assign(gradient.sum(0));
        }
        if (scale) {
            array(gradients, "gamma").assign(gradient.mul(normalised).sum(0));
            gradient.muliRowVector(array(weights, "gamma"));
        }
        INDArray mean = gradient.mean(true, 1);
        INDArray along = gradient.mul(normalised).mean(true, 1);
        gradient.subiColumnVector(mean).subi(normalised.muliColumnVector(along)).diviColumnVector(deviation);
        return gradient.reshape('c', input.shape());
    }

    private INDArray deviation(INDArray rows) {
        return Transforms.sqrt(rows.var(false, 1).addi(epsilon), false).reshape(rows.size(0), 1);
    }

    private static INDArray normalised(INDArray rows, INDArray deviation) {
        return rows.subColumnVector(rows.mean(true, 1)).diviColumnVector(deviation);
    }
}
