package io.trainyard.engine.vertex;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A gated recurrent unit over {@code [rows, steps, features]} (Cho et al., 2014), as Keras computes it:
 *
 * <pre>
 * z = σ(x·Wz + h·Uz)    r = σ(x·Wr + h·Ur)    c = tanh(x·Wc + r ∘ (h·Uc))    h ← z ∘ h + (1 − z) ∘ c
 * </pre>
 *
 * each with its biases; where {@code resetAfter} is false, {@code (r ∘ h)·Uc} stands for {@code r ∘ (h·Uc)}. Weights hold
 * the gates in the order z, r, c.
 */
public final class GruVertex extends FunctionVertex {

    private static final long serialVersionUID = 1L;

    private static final String KERNEL = "kernel";
    private static final String RECURRENT = "recurrent";
    private static final String BIAS = "bias";

    @JsonProperty
    private long features;

    @JsonProperty
    private long units;

    @JsonProperty
    private IActivation activation;

    @JsonProperty
    private IActivation gate;

    @JsonProperty
    private boolean useBias;

    @JsonProperty
    private boolean resetAfter;

    @JsonProperty
    private boolean sequences;

    /** For its JSON form. */
    @SuppressWarnings("NullAway.Init")
    GruVertex() {}

    /**
     * @param activation of the candidate
     * @param gate of the update and reset gates
     * @param sequences whether the output is that of every step
     */
    public GruVertex(
            long features,
            long units,
            IActivation activation,
            IActivation gate,
            boolean useBias,
            boolean resetAfter,
            boolean sequences) {
        this.features = features;
        this.units = units;
        this.activation = activation;
        this.gate = gate;
        this.useBias = useBias;
        this.resetAfter = resetAfter;
        this.sequences = sequences;
    }

    /** What a step computed, [rows, units] each; {@code inner} is the candidate's recurrent part. */
    private record Step(
            INDArray before,
            INDArray gatesIn,
            INDArray update,
            INDArray reset,
            INDArray inner,
            INDArray candidateIn,
            INDArray candidate,
            INDArray after) {}

    @Override
    protected Map<String, long[]> weightShapes() {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put(KERNEL, new long[] {features, 3 * units});
        shapes.put(RECURRENT, new long[] {units, 3 * units});
        if (useBias) {
            shapes.put(BIAS, resetAfter ? new long[] {2, 3 * units} : new long[] {3 * units});
        }
        return shapes;
    }

    @Override
    protected INDArray forward(INDArray input, Map<String, INDArray> weights) {
        List<Step> steps = run(input, weights);
        if (!sequences) {
            return steps.get(steps.size() - 1).after();
        }
        INDArray out = Nd4j.createUninitialized(input.dataType(), new long[] {input.size(0), steps.size(), units}, 'c');
        for (int t = 0; t < steps.size(); t++) {
            at(out, t).assign(steps.get(t).after());
        }
        return out;
    }

    private List<Step> run(INDArray input, Map<String, INDArray> weights) {
        long rows = input.size(0);
        int count = Math.toIntExact(input.size(1));
        INDArray projected = input.reshape('c', -1, features).mmul(array(weights, KERNEL));
        if (useBias) {
            projected.addiRowVector(inputBias(weights));
        }
        projected = projected.dup('c').reshape('c', rows, count, 3 * units);
        INDArray recurrent = array(weights, RECURRENT);
        INDArray gatesKernel = columns(recurrent, 0, 2 * units);
        INDArray candidateKernel = columns(recurrent, 2 * units, 3 * units);
        List<Step> steps = new ArrayList<>();
        INDArray state = Nd4j.zeros(input.dataType(), rows, units);
        for (int t = 0; t < count; t++) {
            INDArray in = at(projected, t);
            INDArray gatesIn = state.mmul(gatesKernel);
            if (useBias && resetAfter) {
                gatesIn.addiRowVector(recurrentBias(weights).get(NDArrayIndex.interval(0, 2 * units)));
            }
            gatesIn.addi(columns(in, 0, 2 * units));
            INDArray gates = gate.getActivation(gatesIn.dup('c'), true);
            INDArray update = columns(gates, 0, units).dup('c');
            INDArray reset = columns(gates, units, 2 * units).dup('c');
            INDArray inner;
            INDArray candidateIn;
            if (resetAfter) {
                inner = state.mmul(candidateKernel);
                if (useBias) {
                    inner.addiRowVector(recurrentBias(weights).get(NDArrayIndex.interval(2 * units, 3 * units)));
                }
                candidateIn = inner.mul(reset);
            } else {
                inner = state.mul(reset);
                candidateIn = inner.mmul(candidateKernel);
            }
            candidateIn.addi(columns(in, 2 * units, 3 * units));
            INDArray candidate = activation.getActivation(candidateIn.dup('c'), true);
            INDArray after = state.sub(candidate).muli(update).addi(candidate);
            steps.add(new Step(state, gatesIn, update, reset, inner, candidateIn, candidate, after));
            state = after;
        }
        return steps;
    }

    @Override
    protected INDArray backward(
            INDArray input, Map<String, INDArray> weights, INDArray epsilon, Map<String, INDArray> gradients) {
        List<Step> steps = run(input, weights);
        long rows = input.size(0);
        INDArray recurrent = array(weights, RECURRENT);
        INDArray gatesKernel = columns(recurrent, 0, 2 * units);
        INDArray candidateKernel = columns(recurrent, 2 * units, 3 * units);
        INDArray recurrentGradient = array(gradients, RECURRENT).assign(0);
        INDArray recurrentBiasGradient = Nd4j.zeros(input.dataType(), 3 * units);
        INDArray projectedGradient =
                Nd4j.createUninitialized(input.dataType(), new long[] {rows, steps.size(), 3 * units}, 'c');
        INDArray towardsState = Nd4j.zeros(input.dataType(), rows, units);
        for (int t = steps.size() - 1; t >= 0; t--) {
            Step step = steps.get(t);
            if (sequences) {
                towardsState.addi(at(epsilon, t));
            } else if (t == steps.size() - 1) {
                towardsState.addi(epsilon);
            }
            INDArray towardsCandidate = towardsState.mul(step.update().rsub(1));
            INDArray candidateIn = activation
                    .backprop(step.candidateIn().dup('c'), towardsCandidate)
                    .getFirst();
            INDArray towardsGates = Nd4j.createUninitialized(input.dataType(), new long[] {rows, 2 * units}, 'c');
            columns(towardsGates, 0, units)
                    .assign(step.before().sub(step.candidate()).muli(towardsState));
            INDArray before = towardsState.mul(step.update());
            INDArray candidateKernelGradient = columns(recurrentGradient, 2 * units, 3 * units);
            if (resetAfter) {
                columns(towardsGates, units, 2 * units).assign(candidateIn.mul(step.inner()));
                INDArray inner = candidateIn.mul(step.reset());
                candidateKernelGradient.addi(step.before().transpose().mmul(inner));
                recurrentBiasGradient
                        .get(NDArrayIndex.interval(2 * units, 3 * units))
                        .addi(inner.sum(0));
                before.addi(inner.mmul(candidateKernel.transpose()));
            } else {
                INDArray inner = candidateIn.mmul(candidateKernel.transpose());
                candidateKernelGradient.addi(step.inner().transpose().mmul(candidateIn));
                columns(towardsGates, units, 2 * units).assign(inner.mul(step.before()));
                before.addi(inner.muli(step.reset()));
            }
            INDArray gatesIn =
                    gate.backprop(step.gatesIn().dup('c'), towardsGates).getFirst();
            columns(recurrentGradient, 0, 2 * units)
                    .addi(step.before().transpose().mmul(gatesIn));
            recurrentBiasGradient.get(NDArrayIndex.interval(0, 2 * units)).addi(gatesIn.sum(0));
            before.addi(gatesIn.mmul(gatesKernel.transpose()));
            INDArray in = at(projectedGradient, t);
            columns(in, 0, 2 * units).assign(gatesIn);
            columns(in, 2 * units, 3 * units).assign(candidateIn);
            towardsState = before;
        }
        INDArray flat = projectedGradient.reshape('c', -1, 3 * units);
        array(gradients, KERNEL)
                .assign(input.reshape('c', -1, features).transpose().mmul(flat));
        if (useBias) {
            inputBias(gradients).assign(flat.sum(0));
            if (resetAfter) {
                recurrentBias(gradients).assign(recurrentBiasGradient);
            }
        }
        return flat.mmul(array(weights, KERNEL).transpose()).dup('c').reshape('c', input.shape());
    }

    private INDArray inputBias(Map<String, INDArray> arrays) {
        INDArray bias = array(arrays, BIAS);
        return resetAfter ? bias.getRow(0) : bias;
    }

    private static INDArray recurrentBias(Map<String, INDArray> arrays) {
        return array(arrays, BIAS).getRow(1);
    }

    private static INDArray columns(INDArray matrix, long from, long to) {
        return matrix.get(NDArrayIndex.all(), NDArrayIndex.interval(from, to));
    }

    private static INDArray at(INDArray sequence, long step) {
        return sequence.get(new INDArrayIndex[] {NDArrayIndex.all(), NDArrayIndex.point(step), NDArrayIndex.all()});
    }
}
