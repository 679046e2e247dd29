package io.trainyard.engine.vertex;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A row of a table for each integer of its input: {@code [rows, steps]} to {@code [rows, steps, size]}. DL4J's own layer has
 * no gradient towards its input, not even one of zeros, so that nothing could stand before it.
 */
public final class EmbeddingVertex extends FunctionVertex {

    private static final long serialVersionUID = 1L;

    private static final String TABLE = "embeddings";

    @JsonProperty
    private int entries;

    @JsonProperty
    private int size;

    /** For its JSON form. */
    EmbeddingVertex() {}

    /** A table of so many vectors of the given size. */
    public EmbeddingVertex(int entries, int size) {
        this.entries = entries;
        this.size = size;
    }

    @Override
    protected Map<String, long[]> weightShapes() {
        return Map.of(TABLE, new long[] {entries, size});
    }

    @Override
    protected INDArray forward(INDArray input, Map<String, INDArray> weights) {
        return Nd4j.pullRows(array(weights, TABLE), 1, indices(input)).reshape('c', input.size(0), input.size(1), size);
    }

    @Override
    protected INDArray backward(
            INDArray input, Map<String, INDArray> weights, INDArray towardsOutput, Map<String, INDArray> gradients) {
        int[] indices = indices(input);
        float[] towards = towardsOutput.dup('c').data().asFloat();
        float[] table = new float[entries * size];
        for (int i = 0; i < indices.length; i++) {
            for (int k = 0; k < size; k++) {
                table[indices[i] * size + k] += towards[i * size + k];
            }
        }
        array(gradients, TABLE).assign(Nd4j.create(table, new long[] {entries, size}, 'c'));
        return Nd4j.zeros(input.dataType(), input.shape());
    }

    private int[] indices(INDArray input) {
        int[] indices = input.dup('c').data().asInt();
        for (int index : indices) {
            if (index < 0 || index >= entries) {
                throw new IllegalArgumentException(
                        "an embedding of input_dim " + entries + " was given the integer " + index);
            }
        }
        return indices;
    }
}
