package io.trainyard.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.*;

import java.util.Objects;
import org.bytedeco.dnnl.gru_backward;
import org.bytedeco.dnnl.gru_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_desc;
import org.jspecify.annotations.Nullable;

/** A gated recurrent unit whose reset gate acts before the recurrent product (Cho et al., 2014). */
final class GruCell extends Cell {

    private gru_forward.@Nullable primitive_desc forwards;

    @Override
    int gates() {
        return 3;
    }

    @Override
    primitive_desc forwards(Sizes sizes, PlanBuilder plan) {
        forwards = new gru_forward.primitive_desc(
                new gru_forward.desc(
                        sizes.kind(),
                        sizes.direction(),
                        sizes.input(),
                        new memory.desc(),
                        forward(sizes.kernel()),
                        forward(sizes.recurrent()),
                        sizes.bias(),
                        sizes.outputs(),
                        sizes.last()),
                plan.attributes(),
                Cpu.ENGINE);
        return forwards;
    }

    @Override
    primitive_desc backwards(Sizes sizes, PlanBuilder plan) {
        return new gru_backward.primitive_desc(
                new gru_backward.desc(
                        dnnl_backward,
                        sizes.direction(),
                        sizes.input(),
                        new memory.desc(),
                        backward(sizes.kernel()),
                        backward(sizes.recurrent()),
                        sizes.bias(),
                        sizes.outputs(),
                        sizes.last(),
                        sizes.input(),
                        new memory.desc(),
                        forward(sizes.kernel()),
                        forward(sizes.recurrent()),
                        sizes.bias(),
                        sizes.outputs(),
                        sizes.last()),
                plan.attributes(),
                Cpu.ENGINE,
                Objects.requireNonNull(forwards));
    }
}
