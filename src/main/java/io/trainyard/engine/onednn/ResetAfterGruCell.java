package io.trainyard.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.*;

import io.trainyard.engine.graph.PlacedWeight;
import java.util.List;
import java.util.Objects;
import org.bytedeco.dnnl.lbr_gru_backward;
import org.bytedeco.dnnl.lbr_gru_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_desc;
import org.bytedeco.javacpp.FloatPointer;
import org.jspecify.annotations.Nullable;

/** One whose reset gate acts after it, Keras' default and cuDNN's; to oneDNN "linear before reset". */
final class ResetAfterGruCell extends Cell {

    private lbr_gru_forward.@Nullable primitive_desc forwards;

    @Override
    int gates() {
        return 3;
    }

    @Override
    primitive_desc forwards(Sizes sizes, PlanBuilder plan) {
        forwards = new lbr_gru_forward.primitive_desc(
                new lbr_gru_forward.desc(
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
        return new lbr_gru_backward.primitive_desc(
                new lbr_gru_backward.desc(
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

    @Override
    int biases() {
        return 4;
    }

    /** Keras has a vector for the input and one for the state; those of the first two gates are only ever added up. */
    @Override
    void loadBias(PlacedWeight weight, memory bias, PlanBuilder plan) {
        Strided both = Strided.of(weight);
        FloatPointer ours = Plan.floats(bias);
        FloatPointer parameters = plan.weights().parameters();
        int units = (int) (ours.capacity() / 4);
        plan.forward(() -> {
            for (int i = 0; i < 3 * units; i++) {
                float ofInput = parameters.get(both.at(0, i));
                float ofState = parameters.get(both.at(1, i));
                if (i < 2 * units) {
                    ours.put(i, ofInput + ofState);
                } else {
                    ours.put(i, ofInput);
                    ours.put(units + i, ofState);
                }
            }
        });
    }

    @Override
    void storeBias(PlacedWeight weight, memory gradient, List<Runnable> back, PlanBuilder plan) {
        Strided both = Strided.of(weight);
        FloatPointer ours = Plan.floats(gradient);
        FloatPointer gradients = plan.weights().gradients();
        int units = (int) (ours.capacity() / 4);
        back.add(() -> {
            for (int i = 0; i < 3 * units; i++) {
                gradients.put(both.at(0, i), ours.get(i));
                gradients.put(both.at(1, i), ours.get(i < 2 * units ? i : units + i));
            }
        });
    }
}
