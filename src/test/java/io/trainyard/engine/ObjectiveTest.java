package io.trainyard.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.network.LossSpec;
import io.trainyard.network.layer.Activation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The fused loss is that of its textbook form, its gradient the loss's slope, and neither breaks at the extremes. */
class ObjectiveTest {

    private static final float HUGE = 1e4f;
    /** What stands before a row's outputs in its array. */
    private static final int OFFSET = 3;

    /**
     * A loss behind the activation that a network ends in.
     *
     * @param classes 0 where the target is a number
     */
    record Ending(LossSpec loss, Activation activation, int classes, int outputs) {

        Objective objective() {
            return new Objective(loss, activation, classes, outputs);
        }

        float target(SplittableRandom random) {
            if (classes > 0) {
                return random.nextInt(classes);
            }
            return (float) (activation == Activation.LINEAR ? 6 * random.nextDouble() - 3 : random.nextDouble());
        }

        /** What the outputs should be. */
        double[] wanted(float target) {
            double[] wanted = new double[outputs];
            for (int i = 0; i < outputs; i++) {
                wanted[i] = outputs == 1 ? target : i == (int) target ? 1 : 0;
            }
            if (loss instanceof LossSpec.CategoricalCrossentropy categorical) {
                double share = categorical.labelSmoothing();
                Arrays.setAll(wanted, i -> wanted[i] * (1 - share) + share / outputs);
            } else if (loss instanceof LossSpec.BinaryCrossentropy binary) {
                double share = binary.labelSmoothing();
                Arrays.setAll(wanted, i -> wanted[i] * (1 - share) + share / 2);
            }
            return wanted;
        }

        /** The loss in its textbook form, in float64. */
        double loss(double[] output, float target) {
            double[] y = wanted(target);
            double[] p = activated(output);
            double sum = 0;
            for (int i = 0; i < outputs; i++) {
                double e = y[i] - p[i];
                if (loss instanceof LossSpec.CategoricalCrossentropy) {
                    sum -= outputs * y[i] * Math.log(p[i]);
                } else if (loss instanceof LossSpec.BinaryCrossentropy) {
                    sum -= y[i] * Math.log(p[i]) + (1 - y[i]) * Math.log(1 - p[i]);
                } else if (loss instanceof LossSpec.MeanSquaredError) {
                    sum += e * e;
                } else if (loss instanceof LossSpec.MeanAbsoluteError) {
                    sum += Math.abs(e);
                } else if (loss instanceof LossSpec.Huber huber) {
                    double delta = huber.delta();
                    sum += Math.abs(e) <= delta ? e * e / 2 : delta * Math.abs(e) - delta * delta / 2;
                }
            }
            return sum / outputs;
        }

        double[] activated(double[] output) {
            double[] p = output.clone();
            if (activation == Activation.SOFTMAX) {
                double sum = Arrays.stream(output).map(Math::exp).sum();
                Arrays.setAll(p, i -> Math.exp(output[i]) / sum);
            } else if (activation == Activation.SIGMOID) {
                Arrays.setAll(p, i -> 1 / (1 + Math.exp(-output[i])));
            }
            return p;
        }
    }

    /** All that {@link io.trainyard.network.Fit} lets through, with one, two and more outputs. */
    static Stream<Ending> endings() {
        List<Ending> endings = new ArrayList<>(crossentropies().toList());
        for (LossSpec loss : List.of(
                new LossSpec.MeanSquaredError(),
                new LossSpec.MeanAbsoluteError(),
                new LossSpec.Huber(1.0),
                new LossSpec.Huber(0.25))) {
            endings.add(new Ending(loss, Activation.SOFTMAX, 2, 2));
            endings.add(new Ending(loss, Activation.SOFTMAX, 4, 4));
            endings.add(new Ending(loss, Activation.SIGMOID, 2, 1));
            endings.add(new Ending(loss, Activation.SIGMOID, 3, 3));
            endings.add(new Ending(loss, Activation.LINEAR, 0, 1));
            endings.add(new Ending(loss, Activation.SIGMOID, 0, 1));
            // Is part of the network, so the gradient towards its own output is asked for.
            endings.add(new Ending(loss, Activation.TANH, 0, 1));
        }
        return endings.stream();
    }

    static Stream<Ending> crossentropies() {
        List<Ending> endings = new ArrayList<>();
        for (double smoothing : new double[] {0, 0.1, 0.5}) {
            for (int classes : new int[] {2, 3, 6}) {
                endings.add(new Ending(
                        new LossSpec.CategoricalCrossentropy(smoothing), Activation.SOFTMAX, classes, classes));
                endings.add(
                        new Ending(new LossSpec.BinaryCrossentropy(smoothing), Activation.SIGMOID, classes, classes));
            }
            endings.add(new Ending(new LossSpec.BinaryCrossentropy(smoothing), Activation.SIGMOID, 2, 1));
        }
        return endings.stream();
    }

    @ParameterizedTest
    @MethodSource("endings")
    void lossIsThatOfItsTextbookForm(Ending ending) {
        SplittableRandom random = new SplittableRandom(1);
        for (int trial = 0; trial < 50; trial++) {
            float[] output = output(ending, random);
            float target = ending.target(random);
            double expected = ending.loss(doubles(ending, output), target);
            assertThat(loss(ending, output, target)).isCloseTo(expected, Offset.offset(1e-5 * expected + 1e-6));
        }
    }

    @ParameterizedTest
    @MethodSource("endings")
    void gradientIsTheSlopeOfTheLoss(Ending ending) {
        SplittableRandom random = new SplittableRandom(2);
        double step = 1e-5;
        double factor = 0.375;
        for (int trial = 0; trial < 50; trial++) {
            float[] output = output(ending, random);
            float target = ending.target(random);
            float[] gradient = gradient(ending, output, target, factor);
            double[] at = doubles(ending, output);
            for (int i = 0; i < ending.outputs(); i++) {
                double[] above = at.clone();
                above[i] += step;
                double[] below = at.clone();
                below[i] -= step;
                double slope = factor * (ending.loss(above, target) - ending.loss(below, target)) / (2 * step);
                assertThat((double) gradient[OFFSET + i])
                        .as("trial %d, output %d", trial, i)
                        .isCloseTo(slope, Offset.offset(1e-4 * Math.abs(slope) + 1e-7));
            }
            assertThat(Arrays.copyOf(gradient, OFFSET)).containsOnly(0);
        }
    }

    @ParameterizedTest
    @MethodSource("endings")
    void hugeOutputsGiveFiniteLossesAndGradients(Ending ending) {
        float[] values = {-HUGE, 0, HUGE};
        int combinations = (int) Math.pow(3, ending.outputs());
        for (int combination = 0; combination < combinations; combination++) {
            float[] output = new float[OFFSET + ending.outputs()];
            for (int i = 0, rest = combination; i < ending.outputs(); i++, rest /= 3) {
                output[OFFSET + i] = values[rest % 3];
            }
            for (int target = 0; target < Math.max(2, ending.classes()); target++) {
                assertThat(loss(ending, output, target)).isFinite().isNotNegative();
                for (float value : gradient(ending, output, target, 1)) {
                    assertThat(value).isFinite();
                }
            }
        }
    }

    @Test
    void crossentropyOfAHugeMistakeIsItsSizeAndStillTeaches() {
        Ending softmax = new Ending(new LossSpec.CategoricalCrossentropy(0.0), Activation.SOFTMAX, 3, 3);
        float[] output = {0, 0, 0, HUGE, -HUGE, 0};
        assertThat(loss(softmax, output, 1)).isEqualTo(2 * (double) HUGE);
        assertThat(gradient(softmax, output, 1, 1)).containsExactly(0, 0, 0, 1, -1, 0);
        assertThat(loss(softmax, output, 0)).isZero();

        Ending sigmoid = new Ending(new LossSpec.BinaryCrossentropy(0.0), Activation.SIGMOID, 2, 1);
        assertThat(loss(sigmoid, new float[] {0, 0, 0, HUGE}, 0)).isEqualTo(HUGE);
        assertThat(gradient(sigmoid, new float[] {0, 0, 0, HUGE}, 0, 1)).containsExactly(0, 0, 0, 1);
        assertThat(loss(sigmoid, new float[] {0, 0, 0, -HUGE}, 1)).isEqualTo(HUGE);
        assertThat(gradient(sigmoid, new float[] {0, 0, 0, -HUGE}, 1, 1)).containsExactly(0, 0, 0, -1);
        assertThat(loss(sigmoid, new float[] {0, 0, 0, HUGE}, 1)).isZero();
    }

    @Test
    void smoothedLabelsOfSeveralClassesSumToOne() {
        for (double smoothing : new double[] {0, 0.1, 0.3, 0.9}) {
            Ending ending = new Ending(new LossSpec.CategoricalCrossentropy(smoothing), Activation.SOFTMAX, 5, 5);
            for (int target = 0; target < 5; target++) {
                double[] wanted = labels(ending, target);
                assertThat(Arrays.stream(wanted).sum()).isCloseTo(1, Offset.offset(1e-6));
                for (int i = 0; i < 5; i++) {
                    assertThat(wanted[i])
                            .isCloseTo(
                                    i == target ? 1 - smoothing + smoothing / 5 : smoothing / 5, Offset.offset(1e-6));
                }
            }
        }
    }

    @Test
    void smoothedLabelsOfAYesOrNoMoveTowardsAHalf() {
        for (double smoothing : new double[] {0, 0.1, 0.3, 0.9}) {
            LossSpec loss = new LossSpec.BinaryCrossentropy(smoothing);
            Offset<Double> close = Offset.offset(1e-6);
            Ending one = new Ending(loss, Activation.SIGMOID, 2, 1);
            assertThat(labels(one, 1)[0]).isCloseTo(1 - smoothing / 2, close);
            assertThat(labels(one, 0)[0]).isCloseTo(smoothing / 2, close);
            Ending three = new Ending(loss, Activation.SIGMOID, 3, 3);
            assertThat(labels(three, 2))
                    .containsExactly(new double[] {smoothing / 2, smoothing / 2, 1 - smoothing / 2}, close);
        }
    }

    @ParameterizedTest
    @MethodSource("endings")
    void anOutputThatIsNoNumberIsSeenInTheLoss(Ending ending) {
        for (int i = 0; i < ending.outputs(); i++) {
            for (int target = 0; target < Math.max(2, ending.classes()); target++) {
                float[] output = new float[OFFSET + ending.outputs()];
                output[OFFSET + i] = Float.NaN;
                assertThat(loss(ending, output, target))
                        .as("output %d, target %d", i, target)
                        .isNaN();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("endings")
    void answersAreTheProbabilitiesOfAllClassesOrTheNumber(Ending ending) {
        Objective objective = ending.objective();
        float[] output = output(ending, new SplittableRandom(3));
        float[] answer = new float[objective.answers()];
        objective.answer(predicted(objective, output), OFFSET, answer);
        double[] expected = ending.activated(doubles(ending, output));
        if (ending.outputs() == 1 && ending.classes() == 2) {
            expected = new double[] {1 - expected[0], expected[0]};
        }
        assertThat(answer).hasSize(expected.length);
        for (int i = 0; i < answer.length; i++) {
            assertThat((double) answer[i]).isCloseTo(expected[i], Offset.offset(1e-6));
        }
    }

    /** Reads off the gradient of equal outputs what the labels are. */
    private static double[] labels(Ending ending, int target) {
        float[] output = new float[OFFSET + ending.outputs()];
        float[] predicted = predicted(ending.objective(), output);
        float[] gradient = gradient(ending, output, target, 1);
        double outputs = ending.loss() instanceof LossSpec.BinaryCrossentropy ? ending.outputs() : 1;
        double[] labels = new double[ending.outputs()];
        Arrays.setAll(labels, i -> predicted[OFFSET + i] - gradient[OFFSET + i] * outputs);
        return labels;
    }

    private static float[] output(Ending ending, SplittableRandom random) {
        float[] output = new float[OFFSET + ending.outputs()];
        for (int i = 0; i < output.length; i++) {
            output[i] = (float) (6 * random.nextDouble() - 3);
        }
        return output;
    }

    private static double[] doubles(Ending ending, float[] output) {
        double[] values = new double[ending.outputs()];
        Arrays.setAll(values, i -> output[OFFSET + i]);
        return values;
    }

    private static float[] predicted(Objective objective, float[] output) {
        float[] prediction = new float[output.length];
        objective.predict(output, prediction, OFFSET);
        return prediction;
    }

    private static double loss(Ending ending, float[] output, float target) {
        Objective objective = ending.objective();
        return objective.loss(output, predicted(objective, output), OFFSET, target);
    }

    private static float[] gradient(Ending ending, float[] output, float target, double factor) {
        Objective objective = ending.objective();
        float[] gradient = new float[output.length];
        objective.gradient(predicted(objective, output), gradient, OFFSET, target, factor);
        return gradient;
    }
}
