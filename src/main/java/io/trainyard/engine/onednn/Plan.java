package io.trainyard.engine.onednn;

import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;

/** What is to be run for each batch of one size. To be used by one thread only. */
final class Plan implements AutoCloseable {

    /** What noise is drawn from. */
    static final class Randomness {
        private SplittableRandom random = new SplittableRandom(0);

        SplittableRandom random() {
            return random;
        }

        private void reseed(long seed) {
            random = new SplittableRandom(seed);
        }
    }

    private final stream queue;
    /** Views of the same bytes. */
    private final List<memory> inputs;

    private final memory output;
    private final @Nullable memory towardsOutput;
    private final List<Runnable> forward;
    private final List<Runnable> backward;
    private final Randomness randomness;
    /** In the order in which they were made. */
    private final List<Pointer> owned;

    private final long bytes;

    Plan(
            stream queue,
            List<memory> inputs,
            memory output,
            @Nullable memory towardsOutput,
            List<Runnable> forward,
            List<Runnable> backward,
            Randomness randomness,
            List<Pointer> owned,
            long bytes) {
        this.queue = queue;
        this.inputs = List.copyOf(inputs);
        this.output = output;
        this.towardsOutput = towardsOutput;
        this.forward = List.copyOf(forward);
        this.backward = List.copyOf(backward);
        this.randomness = randomness;
        this.owned = owned;
        this.bytes = bytes;
    }

    /**
     * Reads the weights and computes the output.
     *
     * @param features of all rows; read until the backward pass is made
     * @param seed of all noise
     * @return the output of all rows, row-major
     */
    float[] forward(Pointer features, long seed) {
        randomness.reseed(seed);
        inputs.forEach(input -> input.set_data_handle(features));
        run(forward);
        float[] values = new float[(int) (Layouts.bytes(output.get_desc()) / Float.BYTES)];
        floats(output).get(values);
        return values;
    }

    /** Writes the gradient of every trained weight; after a forward pass. */
    void backward(float[] gradient) {
        floats(Objects.requireNonNull(towardsOutput)).put(gradient);
        run(backward);
    }

    private void run(List<Runnable> steps) {
        try {
            steps.forEach(Runnable::run);
            queue._wait();
        } catch (RuntimeException failed) {
            Status.throwIfExhausted(failed);
            throw failed;
        }
    }

    /** What its arrays take. */
    long bytes() {
        return bytes;
    }

    static FloatPointer floats(memory array) {
        return new FloatPointer(array.get_data_handle()).capacity(Layouts.bytes(array.get_desc()) / Float.BYTES);
    }

    @Override
    public void close() {
        PlanBuilder.free(owned);
    }
}
