package io.trainyard.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/**
 * Schedules give the learning rates that Keras' schedules and its callback give. The numbers are those of Keras 3.15.1,
 * in float32; the call that made them stands above them. Keras counts steps, we epochs: here an epoch has four steps.
 */
class LearningRateTest {

    private static final int STEPS = 4;
    /** Of float32, relative to the first learning rate. */
    private static final double TOLERANCE = 1e-6;

    /** Made up: it improves, stands still, wavers, improves by little and by much. */
    private static final double[] LOSSES = {
        1.0, 0.9, 0.9, 0.85, 0.86, 0.85, 0.87, 0.84, 0.84, 0.84, 0.84, 0.5, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6
    };

    private static final double[] ACCURACIES = {0.5, 0.6, 0.6, 0.55, 0.62, 0.62, 0.62, 0.7, 0.65, 0.6};

    @Test
    void constantIsTheOptimizersThroughout() {
        LearningRate rate = rate(new LearningRateSchedule.Constant(), 0.1, 5);
        for (double position : new double[] {0, 0.25, 1, 3.75, 4.999}) {
            assertThat(rate.at(position)).isEqualTo(0.1);
        }
    }

    @Test
    void exponentialDecaysFromEpochToEpochAndNotInside() {
        // [ExponentialDecay(0.1, decay_steps=4, decay_rate=0.666, staircase=True)(s) for s in range(12)]
        assertRates(
                rate(new LearningRateSchedule.Exponential(0.666), 0.1, 3),
                IntStream.range(0, 12).toArray(),
                0.10000000149,
                0.10000000149,
                0.10000000149,
                0.10000000149,
                0.0666000023484,
                0.0666000023484,
                0.0666000023484,
                0.0666000023484,
                0.0443556010723,
                0.0443556010723,
                0.0443556010723,
                0.0443556010723);
    }

    @Test
    void stepDecaysAfterEachStepSizeEpochs() {
        // [ExponentialDecay(0.2, decay_steps=12, decay_rate=0.5, staircase=True)(s) for s in (0, 4, 11, …)]
        assertRates(
                rate(new LearningRateSchedule.Step(0.5, 3), 0.2, 10),
                new int[] {0, 4, 11, 12, 23, 24, 35, 36},
                0.20000000298,
                0.20000000298,
                0.20000000298,
                0.10000000149,
                0.10000000149,
                0.0500000007451,
                0.0500000007451,
                0.0250000003725);
    }

    @Test
    void cosineFallsToZeroOverTheWholeTraining() {
        // [CosineDecay(0.1, decay_steps=20)(s) for s in range(0, 24, 2)]
        assertRates(
                rate(new LearningRateSchedule.Cosine(0.0, 0.0, null), 0.1, 5),
                everySecond(12),
                0.10000000149,
                0.0975528284907,
                0.0904508456588,
                0.0793892666698,
                0.0654508471489,
                0.0499999970198,
                0.0345491431653,
                0.0206107404083,
                0.00954914744943,
                0.00244717602618,
                0,
                0);
    }

    @Test
    void cosineFallsToAlphaTimesTheFirst() {
        // [CosineDecay(0.1, decay_steps=20, alpha=0.1)(s) for s in range(0, 24, 2)]
        assertRates(
                rate(new LearningRateSchedule.Cosine(0.0, 0.1, null), 0.1, 5),
                everySecond(12),
                0.10000000149,
                0.0977975428104,
                0.0914057642221,
                0.0814503356814,
                0.0689057633281,
                0.0549999959767,
                0.0410942249,
                0.0285496655852,
                0.0185942333192,
                0.0122024584562,
                0.0100000007078,
                0.0100000007078);
    }

    @Test
    void cosineAfterAWarmUpTakesTheRestOfTheTraining() {
        // [CosineDecay(0.0, decay_steps=14, alpha=0.1, warmup_target=0.1, warmup_steps=6)(s) for s in range(24)]
        assertRates(
                rate(new LearningRateSchedule.Cosine(1.5, 0.1, null), 0.1, 5),
                IntStream.range(0, 24).toArray(),
                0,
                0.0166666675359,
                0.0333333350718,
                0.0500000007451,
                0.0666666701436,
                0.0833333358169,
                0.10000000149,
                0.0988717600703,
                0.0955435931683,
                0.090182416141,
                0.083057038486,
                0.0745247676969,
                0.0650134384632,
                0.0549999959767,
                0.0449865497649,
                0.0354752242565,
                0.0269429516047,
                0.0198175814003,
                0.0144563987851,
                0.0111282449216,
                0.0100000007078,
                0.0100000007078,
                0.0100000007078,
                0.0100000007078);
    }

    @Test
    void cosineEndsAfterDecayEpochsAndStaysThere() {
        // [CosineDecay(0.0, decay_steps=8, alpha=0.05, warmup_target=0.1, warmup_steps=6)(s) for s in range(20)]
        assertRates(
                rate(new LearningRateSchedule.Cosine(1.5, 0.05, 2.0), 0.1, 5),
                IntStream.range(0, 20).toArray(),
                0,
                0.0166666675359,
                0.0333333350718,
                0.0500000007451,
                0.0666666701436,
                0.0833333358169,
                0.10000000149,
                0.0963842794299,
                0.086087577045,
                0.07067745924,
                0.0524999983609,
                0.0343225337565,
                0.01891242899,
                0.00861571822315,
                0.0050000003539,
                0.0050000003539,
                0.0050000003539,
                0.0050000003539,
                0.0050000003539,
                0.0050000003539);
    }

    @Test
    void cosineWithAWarmUpAsLongAsTheTrainingOnlyRises() {
        LearningRate rate = rate(new LearningRateSchedule.Cosine(3.0, 0.0, null), 0.3, 3);
        assertThat(rate.at(0)).isZero();
        assertThat(rate.at(1.5)).isCloseTo(0.15, Offset.offset(1e-12));
        assertThat(rate.at(2.75)).isCloseTo(0.275, Offset.offset(1e-12));
        assertThat(rate.at(3)).isZero();
    }

    @Test
    void polynomialFallsInAStraightLineByDefault() {
        // [PolynomialDecay(0.1, decay_steps=20)(s) for s in range(0, 24, 2)]
        assertRates(
                rate(new LearningRateSchedule.Polynomial(1e-4, 1.0, null), 0.1, 5),
                everySecond(12),
                0.10000000149,
                0.0900100022554,
                0.0800200030208,
                0.0700300037861,
                0.0600400045514,
                0.0500500015914,
                0.0400599986315,
                0.0300700012594,
                0.0200799982995,
                0.0100900018588,
                9.99999974738e-05,
                9.99999974738e-05);
    }

    @Test
    void polynomialFallsByItsPower() {
        // [PolynomialDecay(0.1, decay_steps=20, end_learning_rate=0.01, power=2)(s) for s in range(0, 24, 2)]
        assertRates(
                rate(new LearningRateSchedule.Polynomial(0.01, 2.0, null), 0.1, 5),
                everySecond(12),
                0.10000000149,
                0.0828999951482,
                0.067600004375,
                0.0540999993682,
                0.0424000024796,
                0.0324999988079,
                0.0243999995291,
                0.0181000009179,
                0.013599999249,
                0.0109000001103,
                0.00999999977648,
                0.00999999977648);
    }

    @Test
    void polynomialEndsAfterDecayEpochsAndStaysThere() {
        // [PolynomialDecay(0.1, decay_steps=8, end_learning_rate=0.02, power=0.5)(s) for s in range(12)]
        assertRates(
                rate(new LearningRateSchedule.Polynomial(0.02, 0.5, 2.0), 0.1, 5),
                IntStream.range(0, 12).toArray(),
                0.0999999940395,
                0.094833150506,
                0.0892820358276,
                0.0832455456257,
                0.076568543911,
                0.0689897984266,
                0.0599999986589,
                0.0482842698693,
                0.019999999553,
                0.019999999553,
                0.019999999553,
                0.019999999553);
    }

    // Of each of the following, the numbers are optimizer.learning_rate after each
    // ReduceLROnPlateau(monitor=…, …).on_epoch_end(epoch, {monitor: value}), on a dense model compiled with SGD(0.1).

    @Test
    void plateauReducesAfterPatienceEpochsWithoutImprovement() {
        // ReduceLROnPlateau("val_loss", factor=0.5, patience=2), min_delta being 1e-4
        assertReductions(
                plateau("val_loss", Monitor.Mode.AUTO, 0.5, 2, 1e-4, 0, 0),
                LOSSES,
                0.1,
                0.1,
                0.1,
                0.1,
                0.1,
                0.05,
                0.05,
                0.05,
                0.05,
                0.025,
                0.025,
                0.025,
                0.025,
                0.0125,
                0.0125,
                0.00625,
                0.00625,
                0.003125,
                0.003125,
                0.0015625);
    }

    @Test
    void plateauWithoutPatienceReducesAtOnce() {
        // ReduceLROnPlateau("val_loss", factor=0.5, patience=0)
        assertReductions(
                plateau("val_loss", Monitor.Mode.AUTO, 0.5, 0, 1e-4, 0, 0),
                Arrays.copyOf(LOSSES, 12),
                0.1,
                0.1,
                0.05,
                0.05,
                0.025,
                0.0125,
                0.00625,
                0.00625,
                0.003125,
                0.0015625,
                0.00078125,
                0.00078125);
    }

    @Test
    void plateauCountsNothingWhileItCoolsDown() {
        // ReduceLROnPlateau("val_loss", factor=0.5, patience=2, cooldown=3)
        assertReductions(
                plateau("val_loss", Monitor.Mode.AUTO, 0.5, 2, 1e-4, 3, 0),
                LOSSES,
                0.1,
                0.1,
                0.1,
                0.1,
                0.1,
                0.05,
                0.05,
                0.05,
                0.05,
                0.025,
                0.025,
                0.025,
                0.025,
                0.0125,
                0.0125,
                0.0125,
                0.0125,
                0.00625,
                0.00625,
                0.00625);
    }

    @Test
    void plateauCountsNothingWhileItCoolsDownWhateverThePatience() {
        // ReduceLROnPlateau("val_loss", factor=0.5, patience=1, cooldown=2)
        assertReductions(
                plateau("val_loss", Monitor.Mode.AUTO, 0.5, 1, 1e-4, 2, 0),
                Arrays.copyOf(LOSSES, 12),
                0.1,
                0.1,
                0.05,
                0.05,
                0.025,
                0.025,
                0.0125,
                0.0125,
                0.00625,
                0.00625,
                0.003125,
                0.003125);
    }

    @Test
    void plateauTakesSmallImprovementsForNone() {
        // ReduceLROnPlateau("val_loss", factor=0.5, patience=2, min_delta=0.08)
        assertReductions(
                plateau("val_loss", Monitor.Mode.AUTO, 0.5, 2, 0.08, 0, 0),
                LOSSES,
                0.1,
                0.1,
                0.1,
                0.05,
                0.05,
                0.025,
                0.025,
                0.0125,
                0.0125,
                0.00625,
                0.00625,
                0.00625,
                0.00625,
                0.003125,
                0.003125,
                0.0015625,
                0.0015625,
                0.00078125,
                0.00078125,
                0.000390625);
    }

    @Test
    void plateauStopsAtTheLeastRate() {
        // ReduceLROnPlateau("val_loss", factor=0.5, patience=1, min_lr=0.03)
        assertReductions(
                plateau("val_loss", Monitor.Mode.AUTO, 0.5, 1, 1e-4, 0, 0.03),
                Arrays.copyOf(LOSSES, 8),
                0.1,
                0.1,
                0.05,
                0.05,
                0.03,
                0.03,
                0.03,
                0.03);
    }

    @Test
    void plateauNeverRaisesARateBelowTheLeast() {
        // ReduceLROnPlateau("val_loss", factor=0.5, patience=1, min_lr=0.2)
        assertReductions(
                plateau("val_loss", Monitor.Mode.AUTO, 0.5, 1, 1e-4, 0, 0.2),
                Arrays.copyOf(LOSSES, 6),
                0.1,
                0.1,
                0.1,
                0.1,
                0.1,
                0.1);
    }

    @Test
    void plateauHeedsAllItsSettingsTogether() {
        // ReduceLROnPlateau("val_loss", factor=0.5, patience=2, cooldown=3, min_delta=0.08, min_lr=0.02)
        assertReductions(
                plateau("val_loss", Monitor.Mode.AUTO, 0.5, 2, 0.08, 3, 0.02),
                LOSSES,
                0.1,
                0.1,
                0.1,
                0.05,
                0.05,
                0.05,
                0.05,
                0.025,
                0.025,
                0.025,
                0.025,
                0.025,
                0.025,
                0.02,
                0.02,
                0.02,
                0.02,
                0.02,
                0.02,
                0.02);
    }

    @Test
    void plateauOfAnAccuracyIsWhereItNoLongerRises() {
        // ReduceLROnPlateau("val_accuracy", factor=0.1, patience=2, mode="max")
        for (Monitor.Mode mode : List.of(Monitor.Mode.MAX, Monitor.Mode.AUTO)) {
            assertReductions(
                    plateau("val_accuracy", mode, 0.1, 2, 1e-4, 0, 0),
                    ACCURACIES,
                    0.1,
                    0.1,
                    0.1,
                    0.01,
                    0.01,
                    0.01,
                    0.001,
                    0.001,
                    0.001,
                    0.0001);
        }
    }

    @Test
    void plateauGoesByTheModeThatIsAskedFor() {
        // ReduceLROnPlateau("val_loss", factor=0.1, patience=2, mode="min"), over the accuracies
        assertReductions(
                plateau("val_accuracy", Monitor.Mode.MIN, 0.1, 2, 1e-4, 0, 0),
                ACCURACIES,
                0.1,
                0.1,
                0.01,
                0.01,
                0.001,
                0.001,
                0.0001,
                0.0001,
                0.00001,
                0.00001);
    }

    @Test
    void plateauOfTheTrainingSplitIsThatOfItsFigure() {
        LearningRate rate = rate(plateau("loss", Monitor.Mode.AUTO, 0.5, 1, 0, 0, 0), 0.1, 5);
        rate.epochEnded(Map.of("train_loss", 1.0, "val_loss", 1.0));
        rate.epochEnded(Map.of("train_loss", 0.5, "val_loss", 2.0));
        assertThat(rate.at(2)).isEqualTo(0.1);
        rate.epochEnded(Map.of("train_loss", 0.5, "val_loss", 0.1));
        assertThat(rate.at(3)).isEqualTo(0.05);
    }

    @Test
    void otherSchedulesHeedNoPlateau() {
        LearningRate rate = rate(new LearningRateSchedule.Exponential(0.5), 0.8, 10);
        for (int epoch = 0; epoch < 9; epoch++) {
            rate.epochEnded(Map.of("val_loss", 1.0, "train_loss", 1.0));
        }
        assertThat(rate.at(2)).isCloseTo(0.2, Offset.offset(1e-12));
    }

    private static LearningRateSchedule plateau(
            String monitor,
            Monitor.Mode mode,
            double factor,
            int patience,
            double minDelta,
            int cooldown,
            double minLr) {
        return new LearningRateSchedule.ReduceOnPlateau(
                new Monitor(monitor), mode, factor, patience, minDelta, cooldown, minLr);
    }

    private static LearningRate rate(LearningRateSchedule schedule, double initial, int epochs) {
        return new LearningRate(new TrainingSpec(
                epochs,
                32,
                0,
                true,
                null,
                new LossSpec.MeanSquaredError(),
                List.of(),
                new OptimizerSpec.Sgd(initial, 0.0, false, null, null, null),
                schedule,
                null,
                Map.of(),
                null));
    }

    private static int[] everySecond(int count) {
        return IntStream.range(0, count).map(i -> 2 * i).toArray();
    }

    private static void assertRates(LearningRate rate, int[] steps, double... keras) {
        double[] ours = Arrays.stream(steps)
                .mapToDouble(step -> rate.at((double) step / STEPS))
                .toArray();
        assertThat(ours)
                .containsExactly(
                        keras,
                        Offset.offset(TOLERANCE * DoubleStream.of(keras).max().orElseThrow()));
    }

    /** The rate of each step in an epoch is the same, and is what Keras has after the epoch before. */
    private static void assertReductions(LearningRateSchedule schedule, double[] figures, double... keras) {
        String name =
                ((LearningRateSchedule.ReduceOnPlateau) schedule).monitor().name();
        LearningRate rate = rate(schedule, 0.1, figures.length + 1);
        assertThat(rate.at(0)).isEqualTo(0.1);
        double[] first = new double[figures.length];
        double[] last = new double[figures.length];
        for (int epoch = 0; epoch < figures.length; epoch++) {
            rate.epochEnded(Map.of(name, figures[epoch]));
            first[epoch] = rate.at(epoch + 1);
            last[epoch] = rate.at(epoch + 1.75);
        }
        assertThat(first).containsExactly(keras, Offset.offset(1e-9));
        assertThat(last).containsExactly(first);
    }
}
