package io.trainyard.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.*;

import java.util.Objects;
import org.bytedeco.dnnl.lstm_backward;
import org.bytedeco.dnnl.lstm_forward;
import org.bytedeco.dnnl.primitive_desc;
import org.jspecify.annotations.Nullable;

/** Long short-term memory. */
final class LstmCell extends Cell {

    private lstm_forward.@Nullable primitive_desc forwards;

    @Override
    int gates() {
        return 4;
    }

    @Override
    boolean hasCellState() {
        return true;
    }

    @Override
    primitive_desc forwards(Sizes sizes, PlanBuilder plan) {
        forwards = new lstm_forward.primitive_desc(
                new lstm_forward.desc(
                        sizes.kind(),
                        sizes.direction(),
                        sizes.input(),
                        sizes.state(),
                        sizes.state(),
                        forward(sizes.kernel()),
                        forward(sizes.recurrent()),
                        sizes.bias(),
                        sizes.outputs(),
                        sizes.last(),
                        sizes.last()),
                plan.attributes(),
                Cpu.ENGINE);
        return forwards;
    }

    @Override
    primitive_desc backwards(Sizes sizes, PlanBuilder plan) {
        return new lstm_backward.primitive_desc(
                new lstm_backward.desc(
                        dnnl_backward,
                        sizes.direction(),
                        sizes.input(),
                        sizes.state(),
                        sizes.state(),
                        backward(sizes.kernel()),
                        backward(sizes.recurrent()),
                        sizes.bias(),
                        sizes.outputs(),
                        sizes.last(),
                        sizes.last(),
                        sizes.input(),
                        sizes.state(),
                        sizes.state(),
                        forward(sizes.kernel()),
                        forward(sizes.recurrent()),
                        sizes.bias(),
                        sizes.outputs(),
                        sizes.last(),
                        sizes.last()),
                plan.attributes(),
                Cpu.ENGINE,
                Objects.requireNonNull(forwards));
    }
}
