package io.trainyard.engine.onednn;

import static io.trainyard.engine.onednn.Layers.on;
import static org.bytedeco.dnnl.global.dnnl.*;

import io.trainyard.network.NetworkGraph;
import io.trainyard.network.layer.Dropout;
import io.trainyard.network.layer.GaussianNoise;
import io.trainyard.network.layer.SpatialDropout2d;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;

/** What acts in training only: factors or terms that are drawn for each batch. */
final class Noise {

    private Noise() {}

    static void register() {
        on(Dropout.class, (layer, node, plan) -> dropout(layer.rate(), false, node, plan));
        on(SpatialDropout2d.class, (layer, node, plan) -> dropout(layer.rate(), true, node, plan));
        on(GaussianNoise.class, (layer, node, plan) -> {
            Value in = plan.input(node);
            return layer.stddev() > 0 && plan.isTraining()
                    ? combined(dnnl_binary_add, in.desc(), random -> random.nextGaussian() * layer.stddev(), in, plan)
                    : in;
        });
    }

    /**
     * @param channels whether whole channels are dropped
     */
    private static Value dropout(double rate, boolean channels, NetworkGraph.Node node, PlanBuilder plan) {
        Value in = plan.input(node);
        if (rate == 0 || !plan.isTraining()) {
            return in;
        }
        Value source = channels ? Shapes.blocked(in, plan) : in;
        long[] dims = source.dims();
        double scale = 1 / (1 - rate);
        return combined(
                dnnl_binary_mul,
                channels ? Layouts.rowMajor(dims[0], dims[1], 1, 1) : source.desc(),
                random -> random.nextDouble() < rate ? 0 : scale,
                source,
                plan);
    }

    private static Value combined(
            int algorithm, memory.desc noise, ToDoubleFunction<SplittableRandom> draw, Value in, PlanBuilder plan) {
        memory drawn = plan.allocate(noise);
        FloatPointer values = Plan.floats(drawn);
        Plan.Randomness randomness = plan.randomness();
        plan.forward(() -> {
            SplittableRandom random = randomness.random();
            for (long i = 0; i < values.capacity(); i++) {
                values.put(i, (float) draw.applyAsDouble(random));
            }
        });
        Value out = plan.value(in.shape(), in.channels(), in.desc(), in.gradient() != null);
        plan.forward(binary(algorithm, in.data(), drawn, out.data(), plan));
        List<Runnable> back = new ArrayList<>();
        if (out.gradient() != null) {
            memory gradient = out.gradient();
            plan.towards(
                    in,
                    back,
                    target -> List.of(
                            algorithm == dnnl_binary_mul
                                    ? binary(algorithm, gradient, drawn, target, plan)
                                    : plan.copy(gradient, target)));
        }
        plan.backward(back);
        return out;
    }

    private static Runnable binary(int algorithm, memory first, memory second, memory result, PlanBuilder plan) {
        return plan.primitive(
                new binary.primitive_desc(
                        new binary.desc(algorithm, first.get_desc(), second.get_desc(), result.get_desc()),
                        plan.attributes(),
                        Cpu.ENGINE),
                DNNL_ARG_SRC_0,
                first,
                DNNL_ARG_SRC_1,
                second,
                DNNL_ARG_DST,
                result);
    }
}
