package io.trainyard.engine.onednn;

import static io.trainyard.engine.onednn.Layers.on;
import static org.bytedeco.dnnl.global.dnnl.*;

import io.trainyard.network.NetworkGraph;
import io.trainyard.network.layer.Dropout;
import io.trainyard.network.layer.GaussianNoise;
import io.trainyard.network.layer.SpatialDropout1d;
import io.trainyard.network.layer.SpatialDropout2d;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.bytedeco.dnnl.memory;

/** What acts in training only: factors or terms that are drawn for each batch. */
final class Noise {

    private Noise() {}

    static void register() {
        on(Dropout.class, (layer, node, plan) -> dropout(layer.rate(), false, node, plan));
        on(SpatialDropout1d.class, (layer, node, plan) -> dropout(layer.rate(), true, node, plan));
        on(SpatialDropout2d.class, (layer, node, plan) -> dropout(layer.rate(), true, node, plan));
        on(GaussianNoise.class, (layer, node, plan) -> {
            Value in = plan.input(node);
            return layer.stddev() > 0 && plan.isTraining()
                    ? combined(dnnl_binary_add, random -> random.nextGaussian() * layer.stddev(), in, false, plan)
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
        double scale = 1 / (1 - rate);
        ToDoubleFunction<SplittableRandom> factor = random -> random.nextDouble() < rate ? 0 : scale;
        return combined(dnnl_binary_mul, factor, channels ? Shapes.blocked(in, plan) : in, channels, plan);
    }

    private static Value combined(
            int algorithm, ToDoubleFunction<SplittableRandom> draw, Value in, boolean channels, PlanBuilder plan) {
        if (Layouts.bytes(in.desc()) > Integer.MAX_VALUE) {
            throw new UnsupportedLayerException("noise on two gigabytes");
        }
        memory drawn = plan.allocate(in.desc());
        FloatBuffer values = Plan.floats(drawn).asBuffer();
        Plan.Randomness randomness = plan.randomness();
        if (channels) {
            long[] dims = in.dims();
            int pixels = (int) (dims[2] * dims[3]);
            plan.forward(() -> drawChannels(values, draw, randomness.random(), pixels));
        } else {
            plan.forward(() -> draw(values, draw, randomness.random()));
        }
        Value out = plan.value(in.shape(), in.channels(), in.desc(), in.gradient() != null);
        plan.forward(plan.binary(algorithm, in.data(), drawn, out.data()));
        List<Runnable> back = new ArrayList<>();
        if (out.gradient() != null) {
            memory gradient = out.gradient();
            plan.towards(
                    in,
                    back,
                    target -> List.of(
                            algorithm == dnnl_binary_mul
                                    ? plan.binary(algorithm, gradient, drawn, target)
                                    : plan.copy(gradient, target)));
        }
        plan.backward(back);
        return out;
    }

    private static void draw(FloatBuffer values, ToDoubleFunction<SplittableRandom> draw, SplittableRandom random) {
        for (int i = 0; i < values.capacity(); i++) {
            values.put(i, (float) draw.applyAsDouble(random));
        }
    }

    /** The same for all pixels of a channel; channels lie in blocks, the pixels of each block one after another. */
    private static void drawChannels(
            FloatBuffer values, ToDoubleFunction<SplittableRandom> draw, SplittableRandom random, int pixels) {
        int block = Cpu.blocks(1);
        float[] drawn = new float[block];
        for (int from = 0; from < values.capacity(); from += block * pixels) {
            for (int channel = 0; channel < block; channel++) {
                drawn[channel] = (float) draw.applyAsDouble(random);
            }
            for (int pixel = 0; pixel < pixels; pixel++) {
                values.put(from + pixel * block, drawn);
            }
        }
    }
}
