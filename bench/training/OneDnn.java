import static org.bytedeco.dnnl.global.dnnl.*;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.batch_normalization_backward;
import org.bytedeco.dnnl.batch_normalization_forward;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.inner_product_backward_data;
import org.bytedeco.dnnl.inner_product_backward_weights;
import org.bytedeco.dnnl.inner_product_forward;
import org.bytedeco.dnnl.lstm_backward;
import org.bytedeco.dnnl.lstm_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_desc;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;

/**
 * The bound: the same steps as oneDNN's primitives alone, each in the layout that it likes best, without DL4J and ND4J. What a step takes
 * here is what an engine of our own on that library could come down to.
 */
final class OneDnn implements Epochs.Network {

    private static final float EPSILON = 1e-3f;

    private final engine cpu = new engine(engine.kind.cpu, 0);
    private final stream stream = new stream(cpu);
    private final Random random = new Random(42);
    private final List<Runnable> forward = new ArrayList<>();
    /** In the order of the forward pass; it is run from the end. */
    private final List<Runnable> backward = new ArrayList<>();
    private final List<Weight> weights = new ArrayList<>();
    /** Java must not free what primitives refer to. */
    private final List<Object> kept = new ArrayList<>();

    private final boolean adam;
    private final int rows;
    /** Whether the input is line by line, each of all pictures. */
    private final boolean lines;
    private final Value input;
    private final Value logits;
    private int steps;

    /** Rows between two layers, and the gradient of the loss towards them. */
    private static final class Value {
        memory data;
        memory gradient;
        /** Without those that only fill up; 0 where none do. */
        int channels;
    }

    /** As oneDNN keeps it; what pads it stays 0. */
    private final class Weight {
        final memory data;
        final memory gradient;
        final float[] values;
        final float[] gradients;
        final float[] mean;
        final float[] variance;

        Weight(memory.desc desc, memory.desc plain, float limit, IntPredicate used) {
            data = new memory(desc, cpu);
            gradient = new memory(desc, cpu);
            int size = (int) (desc.get_size() / 4);
            values = new float[size];
            gradients = new float[size];
            mean = new float[size];
            variance = new float[size];
            memory initial = new memory(plain, cpu);
            float[] drawn = new float[(int) (plain.get_size() / 4)];
            for (int i = 0; i < drawn.length; i++) {
                drawn[i] = used.test(i) ? (random.nextFloat() * 2 - 1) * limit : 0;
            }
            floats(initial).put(drawn);
            new reorder(initial, data).execute(stream, initial, data);
            stream._wait();
            floats(data).get(values);
            weights.add(this);
        }

        void update(float rate, int step) {
            floats(gradient).get(gradients);
            if (adam) {
                float corrected = (float) (rate * Math.sqrt(1 - Math.pow(0.999, step)) / (1 - Math.pow(0.9, step)));
                for (int i = 0; i < values.length; i++) {
                    float g = gradients[i];
                    float m = 0.9f * mean[i] + 0.1f * g;
                    float v = 0.999f * variance[i] + 0.001f * g * g;
                    mean[i] = m;
                    variance[i] = v;
                    values[i] -= corrected * m / ((float) Math.sqrt(v) + 1e-8f);
                }
            } else {
                for (int i = 0; i < values.length; i++) {
                    values[i] -= rate * gradients[i];
                }
            }
            floats(data).put(values);
        }
    }

    public static void main(String[] arguments) throws IOException {
        Epochs.run((rung, threads) -> new OneDnn(rung), arguments);
    }

    private OneDnn(Epochs.Rung rung) {
        rows = rung.batch;
        adam = rung != Epochs.Rung.R1;
        input = new Value();
        input.channels = rung == Epochs.Rung.R9 ? 1 : 0;
        lines = rung == Epochs.Rung.R11;
        input.data = new memory(
                switch (rung) {
                    case R9 -> desc(memory.format_tag.nchw, rows, 1, 28, 28);
                    case R11 -> desc(memory.format_tag.tnc, 28, rows, 28);
                    default -> desc(memory.format_tag.nc, rows, Epochs.PIXELS);
                },
                cpu);
        Value value = input;
        switch (rung) {
            case R1 -> {}
            case R5 -> value = relu(dense(relu(dense(value, 200, true)), 60, true));
            case R9 -> {
                value = normalized(convolution(value, 12, 3, 1, 1));
                value = normalized(convolution(value, 24, 6, 2, 2));
                value = normalized(convolution(value, 32, 6, 2, 2));
                value = dropout(normalized(dense(value, 200, false)), 0.3f);
            }
            case R11 -> value = lstm(value, 28, 128);
        }
        logits = dense(value, 10, true);
        Collections.reverse(backward);
    }

    private static memory.desc desc(memory.format_tag tag, long... dims) {
        return new memory.desc(dims, memory.data_type.f32, tag);
    }

    private static long[] dims(memory.desc desc) {
        long[] dims = new long[desc.data().ndims()];
        desc.dims().get(dims);
        return dims;
    }

    private static FloatPointer floats(memory memory) {
        return new FloatPointer(memory.get_data_handle()).capacity(memory.get_desc().get_size() / 4);
    }

    /** A primitive that is run again and again on the same memory; arguments are numbers and memories in turn. */
    private Runnable step(primitive_desc desc, Object... arguments) {
        primitive primitive = new primitive(desc);
        IntMemoryMap map = new IntMemoryMap();
        for (int i = 0; i < arguments.length; i += 2) {
            map.put((Integer) arguments[i], (memory) arguments[i + 1]);
        }
        kept.addAll(List.of(primitive, map, desc, arguments));
        return () -> primitive.execute(stream, map);
    }

    /** The memory itself where it has the wanted layout already. */
    private memory as(memory.desc wanted, memory given, List<Runnable> order) {
        if (wanted.equals(given.get_desc())) {
            return given;
        }
        memory other = new memory(wanted, cpu);
        reorder reorder = new reorder(given, other);
        kept.addAll(List.of(reorder, other, given));
        order.add(() -> reorder.execute(stream, given, other));
        return other;
    }

    /** Steps of the backward pass, in their own order: the whole list is reversed later. */
    private void backward(List<Runnable> steps) {
        List<Runnable> turned = new ArrayList<>(steps);
        Collections.reverse(turned);
        backward.addAll(turned);
    }

    /** oneDNN's fast kernels want channels in sixteens: those that are too many are, and stay, 0. */
    private Value convolution(Value in, int wanted, int kernel, long stride, long padding) {
        int filters = (wanted + 15) / 16 * 16;
        long[] from = dims(in.data.get_desc());
        long side = (from[2] + 2 * padding - kernel) / stride + 1;
        long[] strides = {stride, stride};
        long[] pad = {padding, padding};
        boolean first = in == input;
        memory.desc any = desc(memory.format_tag.nChw16c, from);
        memory.desc source = first ? in.data.get_desc() : any;
        memory.desc kernels = desc(memory.format_tag.any, filters, from[1], kernel, kernel);
        memory.desc result = desc(memory.format_tag.nChw16c, from[0], filters, side, side);
        convolution_forward.primitive_desc forwards = new convolution_forward.primitive_desc(
                new convolution_forward.desc(
                        dnnl_forward_training, dnnl_convolution_auto, source, kernels, result, strides, pad, pad),
                cpu);
        Weight weight = new Weight(
                forwards.weights_desc(),
                desc(memory.format_tag.oihw, filters, from[1], kernel, kernel),
                (float) Math.sqrt(6.0 / (kernel * kernel * (in.channels + wanted))),
                i -> i / (kernel * kernel * from[1]) < wanted && i / (kernel * kernel) % from[1] < in.channels);
        Value out = new Value();
        out.channels = wanted;
        out.data = new memory(forwards.dst_desc(), cpu);
        memory read = as(forwards.src_desc(), in.data, forward);
        forward.add(step(forwards, DNNL_ARG_SRC, read, DNNL_ARG_WEIGHTS, weight.data, DNNL_ARG_DST, out.data));

        out.gradient = new memory(forwards.dst_desc(), cpu);
        List<Runnable> back = new ArrayList<>();
        convolution_backward_weights.primitive_desc towardsWeights = new convolution_backward_weights.primitive_desc(
                new convolution_backward_weights.desc(
                        dnnl_convolution_auto, source, kernels, result, strides, pad, pad),
                cpu,
                forwards);
        memory gradient = weight.gradient;
        boolean same = towardsWeights.diff_weights_desc().equals(gradient.get_desc());
        memory own = same ? gradient : new memory(towardsWeights.diff_weights_desc(), cpu);
        back.add(step(
                towardsWeights,
                DNNL_ARG_SRC,
                as(towardsWeights.src_desc(), in.data, back),
                DNNL_ARG_DIFF_DST,
                as(towardsWeights.diff_dst_desc(), out.gradient, back),
                DNNL_ARG_DIFF_WEIGHTS,
                own));
        if (!same) {
            reorder reorder = new reorder(own, gradient);
            kept.add(reorder);
            back.add(() -> reorder.execute(stream, own, gradient));
        }
        if (!first) {
            convolution_backward_data.primitive_desc towardsRows = new convolution_backward_data.primitive_desc(
                    new convolution_backward_data.desc(
                            dnnl_convolution_auto, any, kernels, result, strides, pad, pad),
                    cpu,
                    forwards);
            memory diff = towardsRows.diff_src_desc().equals(in.gradient.get_desc())
                    ? in.gradient
                    : new memory(towardsRows.diff_src_desc(), cpu);
            back.add(step(
                    towardsRows,
                    DNNL_ARG_WEIGHTS,
                    as(towardsRows.weights_desc(), weight.data, back),
                    DNNL_ARG_DIFF_DST,
                    as(towardsRows.diff_dst_desc(), out.gradient, back),
                    DNNL_ARG_DIFF_SRC,
                    diff));
            if (diff != in.gradient) {
                reorder reorder = new reorder(diff, in.gradient);
                kept.add(reorder);
                back.add(() -> reorder.execute(stream, diff, in.gradient));
            }
        }
        backward(back);
        return out;
    }

    /** Batch normalisation and the relu after it, as one. */
    private Value normalized(Value in) {
        memory.desc rowsDesc = in.data.get_desc();
        long[] dims = dims(rowsDesc);
        boolean flat = dims.length == 2;
        memory.desc shaped = flat ? rowsDesc.reshape(new long[] {dims[0], dims[1], 1, 1}) : rowsDesc;
        int flags = dnnl_use_shift | dnnl_fuse_norm_relu;
        batch_normalization_forward.primitive_desc forwards = new batch_normalization_forward.primitive_desc(
                new batch_normalization_forward.desc(dnnl_forward_training, shaped, EPSILON, flags), cpu);
        memory.desc channels = desc(memory.format_tag.x, dims[1]);
        Weight shift = new Weight(channels, channels, 0, i -> true);
        memory mean = new memory(forwards.mean_desc(), cpu);
        memory variance = new memory(forwards.variance_desc(), cpu);
        memory workspace = new memory(forwards.workspace_desc(), cpu);
        Value out = new Value();
        out.channels = in.channels;
        out.data = new memory(shaped, cpu);
        out.gradient = new memory(shaped, cpu);
        List<Object> arguments = new ArrayList<>(List.of(
                DNNL_ARG_SRC, in.data,
                DNNL_ARG_SHIFT, shift.data,
                DNNL_ARG_MEAN, mean,
                DNNL_ARG_VARIANCE, variance,
                DNNL_ARG_WORKSPACE, workspace));
        List<Object> forwardArguments = new ArrayList<>(arguments);
        forwardArguments.addAll(List.of(DNNL_ARG_DST, out.data));
        forward.add(step(forwards, forwardArguments.toArray()));
        batch_normalization_backward.primitive_desc backwards = new batch_normalization_backward.primitive_desc(
                new batch_normalization_backward.desc(dnnl_backward, shaped, shaped, EPSILON, flags), cpu, forwards);
        arguments.addAll(List.of(
                DNNL_ARG_DIFF_DST, out.gradient,
                DNNL_ARG_DIFF_SRC, in.gradient,
                DNNL_ARG_DIFF_SHIFT, shift.gradient));
        backward(List.of(step(backwards, arguments.toArray())));
        return out;
    }

    private Value dense(Value in, int units, boolean bias) {
        long[] from = dims(in.data.get_desc());
        long[] kernel = from.clone();
        kernel[0] = units;
        int fanIn = (int) Arrays.stream(from).skip(1).reduce(1, (a, b) -> a * b);
        memory.desc source = in.data.get_desc();
        memory.desc anyKernel = desc(memory.format_tag.any, kernel);
        memory.desc result = desc(memory.format_tag.nc, from[0], units);
        memory.desc biases = desc(memory.format_tag.x, units);
        inner_product_forward.primitive_desc forwards = new inner_product_forward.primitive_desc(
                bias
                        ? new inner_product_forward.desc(dnnl_forward_training, source, anyKernel, biases, result)
                        : new inner_product_forward.desc(dnnl_forward_training, source, anyKernel, result),
                cpu);
        Weight weight = new Weight(
                forwards.weights_desc(),
                desc(from.length == 2 ? memory.format_tag.ab : memory.format_tag.abcd, kernel),
                (float) Math.sqrt(6.0 / (fanIn + units)),
                i -> i / (fanIn / (int) from[1]) % from[1] < (in.channels == 0 ? from[1] : in.channels));
        Weight offset = bias ? new Weight(biases, biases, 0, i -> true) : null;
        Value out = new Value();
        out.data = new memory(result, cpu);
        out.gradient = new memory(result, cpu);
        forward.add(
                bias
                        ? step(
                                forwards,
                                DNNL_ARG_SRC,
                                in.data,
                                DNNL_ARG_WEIGHTS,
                                weight.data,
                                DNNL_ARG_BIAS,
                                offset.data,
                                DNNL_ARG_DST,
                                out.data)
                        : step(
                                forwards,
                                DNNL_ARG_SRC,
                                in.data,
                                DNNL_ARG_WEIGHTS,
                                weight.data,
                                DNNL_ARG_DST,
                                out.data));
        List<Runnable> back = new ArrayList<>();
        inner_product_backward_weights.primitive_desc towardsWeights =
                new inner_product_backward_weights.primitive_desc(
                        bias
                                ? new inner_product_backward_weights.desc(
                                        source, weight.data.get_desc(), biases, result)
                                : new inner_product_backward_weights.desc(source, weight.data.get_desc(), result),
                        cpu,
                        forwards);
        List<Object> arguments = new ArrayList<>(List.of(
                DNNL_ARG_SRC,
                in.data,
                DNNL_ARG_DIFF_DST,
                out.gradient,
                DNNL_ARG_DIFF_WEIGHTS,
                weight.gradient));
        if (bias) {
            arguments.addAll(List.of(DNNL_ARG_DIFF_BIAS, offset.gradient));
        }
        back.add(step(towardsWeights, arguments.toArray()));
        if (in != input) {
            inner_product_backward_data.primitive_desc towardsRows = new inner_product_backward_data.primitive_desc(
                    new inner_product_backward_data.desc(
                            in.gradient.get_desc(), desc(memory.format_tag.any, kernel), result),
                    cpu,
                    forwards);
            back.add(step(
                    towardsRows,
                    DNNL_ARG_WEIGHTS,
                    as(towardsRows.weights_desc(), weight.data, back),
                    DNNL_ARG_DIFF_DST,
                    out.gradient,
                    DNNL_ARG_DIFF_SRC,
                    in.gradient));
        }
        backward(back);
        return out;
    }

    /** The state after the last line of each picture. */
    private Value lstm(Value in, int columns, int units) {
        memory.desc source = in.data.get_desc();
        memory.desc none = new memory.desc();
        memory.desc kernel = desc(memory.format_tag.ldigo, 1, 1, columns, 4, units);
        memory.desc recurrent = desc(memory.format_tag.ldigo, 1, 1, units, 4, units);
        memory.desc biases = desc(memory.format_tag.ldgo, 1, 1, 4, units);
        memory.desc states = desc(memory.format_tag.tnc, dims(source)[0], rows, units);
        memory.desc state = desc(memory.format_tag.ldnc, 1, 1, rows, units);
        lstm_forward.primitive_desc forwards = new lstm_forward.primitive_desc(
                new lstm_forward.desc(
                        dnnl_forward_training,
                        dnnl_unidirectional_left2right,
                        source,
                        none,
                        none,
                        kernel,
                        recurrent,
                        biases,
                        states,
                        state,
                        state),
                cpu);
        Weight ofInput = new Weight(kernel, kernel, (float) Math.sqrt(6.0 / (columns + 4 * units)), i -> true);
        Weight ofState = new Weight(recurrent, recurrent, (float) Math.sqrt(6.0 / (5 * units)), i -> true);
        Weight offset = new Weight(biases, biases, 0, i -> true);
        memory all = new memory(states, cpu);
        memory last = new memory(state, cpu);
        memory cell = new memory(state, cpu);
        memory workspace = new memory(forwards.workspace_desc(), cpu);
        List<Object> arguments = new ArrayList<>(List.of(
                DNNL_ARG_SRC_LAYER, in.data,
                DNNL_ARG_BIAS, offset.data,
                DNNL_ARG_DST_LAYER, all,
                DNNL_ARG_DST_ITER, last,
                DNNL_ARG_DST_ITER_C, cell,
                DNNL_ARG_WORKSPACE, workspace));
        List<Object> forwardArguments = new ArrayList<>(arguments);
        forwardArguments.addAll(
                List.of(DNNL_ARG_WEIGHTS_LAYER, ofInput.data, DNNL_ARG_WEIGHTS_ITER, ofState.data));
        forward.add(step(forwards, forwardArguments.toArray()));

        memory.desc turnedKernel = desc(memory.format_tag.ldgoi, 1, 1, columns, 4, units);
        memory.desc turnedRecurrent = desc(memory.format_tag.ldgoi, 1, 1, units, 4, units);
        lstm_backward.primitive_desc backwards = new lstm_backward.primitive_desc(
                new lstm_backward.desc(
                        dnnl_backward,
                        dnnl_unidirectional_left2right,
                        source,
                        none,
                        none,
                        turnedKernel,
                        turnedRecurrent,
                        biases,
                        states,
                        state,
                        state,
                        source,
                        none,
                        none,
                        kernel,
                        recurrent,
                        biases,
                        states,
                        state,
                        state),
                cpu,
                forwards);
        memory towardsAll = zeros(states);
        memory towardsLast = new memory(state, cpu);
        memory towardsCell = zeros(state);
        memory towardsInput = new memory(source, cpu);
        // oneDNN adds to them.
        List<Weight> summed = List.of(ofInput, ofState, offset);
        List<Runnable> back = new ArrayList<>();
        back.add(() -> summed.forEach(weight -> floats(weight.gradient).put(new float[weight.values.length])));
        arguments.addAll(List.of(
                DNNL_ARG_WEIGHTS_LAYER, as(turnedKernel, ofInput.data, back),
                DNNL_ARG_WEIGHTS_ITER, as(turnedRecurrent, ofState.data, back),
                DNNL_ARG_DIFF_SRC_LAYER, towardsInput,
                DNNL_ARG_DIFF_WEIGHTS_LAYER, ofInput.gradient,
                DNNL_ARG_DIFF_WEIGHTS_ITER, ofState.gradient,
                DNNL_ARG_DIFF_BIAS, offset.gradient,
                DNNL_ARG_DIFF_DST_LAYER, towardsAll,
                DNNL_ARG_DIFF_DST_ITER, towardsLast,
                DNNL_ARG_DIFF_DST_ITER_C, towardsCell));
        back.add(step(backwards, arguments.toArray()));
        backward(back);
        Value out = new Value();
        out.data = seenAs(desc(memory.format_tag.nc, rows, units), last);
        out.gradient = seenAs(desc(memory.format_tag.nc, rows, units), towardsLast);
        return out;
    }

    private memory zeros(memory.desc desc) {
        memory zeros = new memory(desc, cpu);
        floats(zeros).put(new float[(int) (desc.get_size() / 4)]);
        return zeros;
    }

    /** The same bytes. */
    private memory seenAs(memory.desc desc, memory given) {
        kept.add(given);
        return new memory(desc, cpu, given.get_data_handle());
    }

    private Value relu(Value in) {
        memory.desc desc = in.data.get_desc();
        eltwise_forward.primitive_desc forwards = new eltwise_forward.primitive_desc(
                new eltwise_forward.desc(dnnl_forward_training, dnnl_eltwise_relu, desc, 0, 0), cpu);
        Value out = new Value();
        out.data = new memory(desc, cpu);
        out.gradient = new memory(desc, cpu);
        forward.add(step(forwards, DNNL_ARG_SRC, in.data, DNNL_ARG_DST, out.data));
        backward(List.of(step(
                new eltwise_backward.primitive_desc(
                        new eltwise_backward.desc(dnnl_eltwise_relu, desc, desc, 0, 0), cpu, forwards),
                DNNL_ARG_SRC,
                in.data,
                DNNL_ARG_DIFF_DST,
                out.gradient,
                DNNL_ARG_DIFF_SRC,
                in.gradient)));
        return out;
    }

    /** On what comes in, in place. */
    private Value dropout(Value in, float rate) {
        int size = (int) (in.data.get_desc().get_size() / 4);
        float[] mask = new float[size];
        float[] values = new float[size];
        forward.add(() -> {
            for (int i = 0; i < size; i++) {
                mask[i] = random.nextFloat() < rate ? 0 : 1 / (1 - rate);
            }
            multiply(floats(in.data), values, mask);
        });
        backward(List.of(() -> multiply(floats(in.gradient), values, mask)));
        return in;
    }

    private static void multiply(FloatPointer memory, float[] values, float[] by) {
        memory.get(values);
        for (int i = 0; i < values.length; i++) {
            values[i] *= by[i];
        }
        memory.put(values);
    }

    private float[] byLine(float[] pixels) {
        float[] turned = new float[pixels.length];
        for (int row = 0; row < rows; row++) {
            for (int line = 0; line < 28; line++) {
                System.arraycopy(pixels, (row * 28 + line) * 28, turned, (line * rows + row) * 28, 28);
            }
        }
        return turned;
    }

    @Override
    public float step(float[] pixels, int[] labels, float rate, boolean last) {
        floats(input.data).put(lines ? byLine(pixels) : pixels);
        forward.forEach(Runnable::run);
        stream._wait();
        float[] answers = new float[rows * 10];
        floats(logits.data).get(answers);
        double loss = 0;
        for (int row = 0; row < rows; row++) {
            float most = Float.NEGATIVE_INFINITY;
            for (int i = 0; i < 10; i++) {
                most = Math.max(most, answers[row * 10 + i]);
            }
            double sum = 0;
            for (int i = 0; i < 10; i++) {
                sum += Math.exp(answers[row * 10 + i] - most);
            }
            loss += Math.log(sum) - (answers[row * 10 + labels[row]] - most);
            for (int i = 0; i < 10; i++) {
                double probability = Math.exp(answers[row * 10 + i] - most) / sum;
                answers[row * 10 + i] = (float) ((probability - (i == labels[row] ? 1 : 0)) / rows);
            }
        }
        floats(logits.gradient).put(answers);
        backward.forEach(Runnable::run);
        stream._wait();
        steps++;
        weights.forEach(weight -> weight.update(rate, steps));
        return (float) (loss / rows);
    }
}
