package io.trainyard.engine.vertex;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The steps of {@code [rows, steps, features]} from the last to the first. */
public final class ReverseVertex extends FunctionVertex {

    private static final long serialVersionUID = 1L;

    @Override
    protected INDArray forward(INDArray input, Map<String, INDArray> weights) {
        INDArray reversed = Nd4j.createUninitialized(input.dataType(), input.shape(), 'c');
        long steps = input.size(1);
        for (long step = 0; step < steps; step++) {
            at(reversed, step).assign(at(input, steps - 1 - step));
        }
        return reversed;
    }

    @Override
    protected INDArray backward(
            INDArray input, Map<String, INDArray> weights, INDArray epsilon, Map<String, INDArray> gradients) {
        return forward(epsilon, weights);
    }

    private static INDArray at(INDArray sequence, long step) {
        return sequence.get(NDArrayIndex.all(), NDArrayIndex.point(step), NDArrayIndex.all());
    }
}
