package io.trainyard.engine.graph;

import io.trainyard.network.layer.Weight;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A weight of a network that exists.
 *
 * @param node the layer that has it
 * @param parts views of the network's parameters in Keras' layout, one after another along the last axis
 * @param offset where it begins in the flat vector of all parameters; its order there is DL4J's
 */
public record PlacedWeight(String node, Weight weight, List<INDArray> parts, long offset) {

    /** Its end in the flat vector, exclusive. */
    public long end() {
        return offset + weight.size();
    }

    /** Sets its values, given in Keras' layout, row-major. */
    public void set(float[] values) {
        INDArray whole = Nd4j.create(values, shape(), 'c');
        long from = 0;
        for (INDArray part : parts) {
            long width = part.size(-1);
            INDArrayIndex[] index = new INDArrayIndex[whole.rank()];
            Arrays.fill(index, NDArrayIndex.all());
            index[index.length - 1] = NDArrayIndex.interval(from, from + width);
            part.assign(parts.size() == 1 ? whole : whole.get(index));
            from += width;
        }
    }

    /** Its values in Keras' layout, row-major. */
    public float[] get() {
        INDArray[] copies = parts.stream().map(part -> part.dup('c')).toArray(INDArray[]::new);
        INDArray whole = copies.length == 1 ? copies[0] : Nd4j.concat(shape().length - 1, copies);
        return whole.dup('c').data().asFloat();
    }

    private long[] shape() {
        return weight.shape().stream().mapToLong(Integer::longValue).toArray();
    }
}
