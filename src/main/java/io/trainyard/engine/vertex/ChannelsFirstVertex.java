package io.trainyard.engine.vertex;

import java.util.Map;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Moves the channels, or features, from the last place to the first after the rows: what many networks from elsewhere take. */
public final class ChannelsFirstVertex extends FunctionVertex {

    private static final long serialVersionUID = 1L;

    @Override
    protected INDArray forward(INDArray input, Map<String, INDArray> weights) {
        int rank = input.rank();
        return input.permute(IntStream.range(0, rank)
                        .map(axis -> axis == 0 ? 0 : axis == 1 ? rank - 1 : axis - 1)
                        .toArray())
                .dup('c');
    }

    @Override
    protected INDArray backward(
            INDArray input, Map<String, INDArray> weights, INDArray epsilon, Map<String, INDArray> gradients) {
        int rank = input.rank();
        return epsilon.permute(IntStream.range(0, rank)
                        .map(axis -> axis == 0 ? 0 : axis == rank - 1 ? 1 : axis + 1)
                        .toArray())
                .dup('c');
    }
}
