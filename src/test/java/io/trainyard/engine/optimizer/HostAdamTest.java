package io.trainyard.engine.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.engine.Engine;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Adam on the host makes the steps that ND4J's operation makes, which a GPU takes, and keeps the same state. */
class HostAdamTest {

    @BeforeAll
    static void loadsNativeCode() {
        assertThat(new Engine().device().threads()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.01})
    void makesTheStepsOfNd4jsOperation(double decay) {
        // More than two pieces, and views that do not begin where their array does.
        int size = 5000;
        Nd4j.getRandom().setSeed(1);
        INDArray whole = Nd4j.rand(DataType.FLOAT, size + 7L);
        INDArray before = whole.dup();
        INDArray ours = whole.get(NDArrayIndex.interval(7, size + 7));
        INDArray theirs = ours.dup();
        Optimizer host = new HostAdam(0.9, 0.999, 1e-7, decay, size);
        Optimizer fused = new Adam(0.9, 0.999, 1e-7, decay, size);
        for (int i = 0; i < 5; i++) {
            INDArray gradients = Nd4j.rand(DataType.FLOAT, size + 3L).subi(0.5);
            INDArray gradient = gradients.get(NDArrayIndex.interval(3, size + 3));
            fused.step(theirs, gradient.dup(), 0.1, i);
            host.step(ours, gradient, 0.1, i);
        }
        assertThat(difference(ours, theirs)).isLessThan(1e-5);
        List<INDArray> state = host.state();
        assertThat(difference(state.get(0), fused.state().get(0))).isLessThan(1e-6);
        assertThat(difference(state.get(1), fused.state().get(1))).isLessThan(1e-6);
        assertThat(difference(ours, before.get(NDArrayIndex.interval(7, size + 7))))
                .isGreaterThan(0.1);
        assertThat(difference(whole.get(NDArrayIndex.interval(0, 7)), before.get(NDArrayIndex.interval(0, 7))))
                .isZero();
    }

    private static double difference(INDArray one, INDArray other) {
        return one.sub(other).amaxNumber().doubleValue();
    }
}
