package io.trainyard.engine.onednn;

import io.trainyard.engine.graph.PlacedWeight;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.bytedeco.dnnl.memory;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A view of a part of the network's flat array of parameters, or of that of their gradients.
 *
 * @param offset of its first value
 */
record Strided(long offset, long[] dims, long[] strides) {

    /** The only part of a weight, in Keras' layout. */
    static Strided of(PlacedWeight weight) {
        if (weight.parts().size() != 1) {
            throw new IllegalArgumentException(
                    weight.weight().name() + " has " + weight.parts().size() + " parts");
        }
        return of(weight.parts().get(0));
    }

    static Strided of(INDArray view) {
        return new Strided(view.offset(), view.shape(), view.stride());
    }

    /** With its dimensions in another order. */
    Strided permuted(int... order) {
        return new Strided(
                offset,
                IntStream.of(order).mapToLong(i -> dims[i]).toArray(),
                IntStream.of(order).mapToLong(i -> strides[i]).toArray());
    }

    /** A kernel over one dimension as one over two, the first of which has one row. */
    Strided withRow() {
        return new Strided(offset, new long[] {dims[0], dims[1], 1, dims[2]}, new long[] {
            strides[0], strides[1], size(), strides[2]
        });
    }

    /** A kernel of one filter for each channel, whose only input gets a dimension of its own. */
    Strided withInput() {
        return new Strided(offset, new long[] {dims[0], dims[1], 1, dims[2], dims[3]}, new long[] {
            strides[0], strides[1], size(), strides[2], strides[3]
        });
    }

    /** Where one of its values lies; for two dimensions. */
    long at(long row, long column) {
        return offset + row * strides[0] + column * strides[1];
    }

    /** The number of its values. */
    long size() {
        return LongStream.of(dims).reduce(1, (a, b) -> a * b);
    }

    memory.desc desc() {
        return Layouts.strided(dims, strides);
    }
}
