package io.trainyard.engine.optimizer;

import io.trainyard.network.OptimizerSpec;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** {@code w ← w − rate · g}; with momentum {@code v ← momentum · v − rate · g; w ← w + v}; in Nesterov's form {@code w ← w + momentum · v − rate · g}. */
final class Sgd implements Optimizer {

    private final OptimizerSpec.Sgd spec;
    private final INDArray velocity;

    Sgd(OptimizerSpec.Sgd spec, long parameters) {
        this.spec = spec;
        this.velocity = Nd4j.zeros(DataType.FLOAT, spec.momentum() > 0 ? parameters : 1);
    }

    @Override
    public void step(INDArray parameters, INDArray gradient, double rate, long iteration) {
        gradient.muli(rate);
        if (spec.momentum() == 0) {
            parameters.subi(gradient);
            return;
        }
        velocity.muli(spec.momentum()).subi(gradient);
        if (spec.nesterov()) {
            parameters.subi(gradient).addi(velocity.mul(spec.momentum()));
        } else {
            parameters.addi(velocity);
        }
    }

    @Override
    public List<INDArray> state() {
        return List.of(velocity);
    }
}
