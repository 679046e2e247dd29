package io.trainyard.engine.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.network.MetricSpec;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Figures over predictions are those of scikit-learn 1.9.1, and those counted by hand, where both are named. */
class MetricTest {

    private static final Offset<Double> CLOSE = Offset.offset(1e-9);

    /*
     * Rows of three classes, y = [0, 0, 0, 1, 2, 2, 2], of which 0, 1, 1, 1, 2, 0, 2 are preferred. By hand:
     *
     * class 0: 1 hit, 2 predicted, 3 of it: precision 1/2, recall 1/3, F1 2/5
     * class 1: 1 hit, 3 predicted, 1 of it: precision 1/3, recall 1, F1 2/4
     * class 2: 2 hits, 2 predicted, 3 of it: precision 1, recall 2/3, F1 4/5
     */
    private static final int[] LABELS = {0, 0, 0, 1, 2, 2, 2};
    private static final float[][] PROBABILITIES = {
        {.7f, .2f, .1f},
        {.3f, .6f, .1f},
        {.2f, .7f, .1f},
        {.1f, .5f, .4f},
        {.1f, .2f, .7f},
        {.5f, .3f, .2f},
        {.3f, .3f, .4f}
    };

    /*
     * Rows of two classes by the probability of the second, y = [0, 1, 1, 0, 1, 0, 1, 1], of which 0, 1, 0, 1, 1, 0, 0,
     * 1 are preferred: of the second class 3 hits, 4 predicted, 5 of it.
     */
    private static final int[] TRUTHS = {0, 1, 1, 0, 1, 0, 1, 1};
    private static final float[] CHANCES = {.1f, .8f, .3f, .6f, .9f, .3f, .2f, .7f};

    private static final float NAN = Float.NaN;

    @Test
    void accuracyIsTheShareOfRowsWhoseClassIsPreferred() {
        // By hand 4 of 7, and 5 of 8; accuracy_score(y, p.argmax(1)) = 0.5714285714285714, 0.625
        assertThat(ofClasses(new MetricSpec.Accuracy())).isCloseTo(4.0 / 7, CLOSE);
        assertThat(ofTwo(new MetricSpec.Accuracy())).isCloseTo(0.625, CLOSE);
    }

    @Test
    void topKIsTheShareOfRowsWhoseClassIsAmongTheKPreferred() {
        // By hand all but the sixth row for k = 2; top_k_accuracy_score(y, p, k=2) = 0.8571428571428571
        assertThat(ofClasses(new MetricSpec.TopKCategoricalAccuracy(1))).isCloseTo(4.0 / 7, CLOSE);
        assertThat(ofClasses(new MetricSpec.TopKCategoricalAccuracy(2))).isCloseTo(6.0 / 7, CLOSE);
        assertThat(ofClasses(new MetricSpec.TopKCategoricalAccuracy(3))).isEqualTo(1);
        assertThat(ofClasses(new MetricSpec.TopKCategoricalAccuracy(9))).isEqualTo(1);
    }

    @Test
    void ofEqualProbabilitiesTheFirstIsPreferred() {
        float[] equal = {.25f, .25f, .25f, .25f};
        for (int label = 0; label < 4; label++) {
            for (int k = 1; k <= 4; k++) {
                Metric metric = Metric.of(new MetricSpec.TopKCategoricalAccuracy(k), 4);
                metric.add(equal, 0, 4, label);
                assertThat(metric.value()).as("class %d, k %d", label, k).isEqualTo(label < k ? 1 : 0);
            }
        }
        assertThat(Metric.preferred(equal, 0, 4)).isZero();
        assertThat(Metric.preferred(new float[] {.1f, .3f, .1f, .3f}, 0, 4)).isEqualTo(1);
    }

    @Test
    void precisionRecallAndF1AreTheirMeansOverSeveralClasses() {
        // By hand (1/2 + 1/3 + 1)/3, (1/3 + 1 + 2/3)/3, (2/5 + 2/4 + 4/5)/3; precision_score, recall_score and
        // f1_score(y, p.argmax(1), average="macro") = 0.611111111111111, 0.6666666666666666, 0.5666666666666668
        assertThat(ofClasses(new MetricSpec.Precision())).isCloseTo(11.0 / 18, CLOSE);
        assertThat(ofClasses(new MetricSpec.Recall())).isCloseTo(2.0 / 3, CLOSE);
        assertThat(ofClasses(new MetricSpec.F1Score())).isCloseTo(17.0 / 30, CLOSE);
    }

    @Test
    void precisionRecallAndF1OfTwoClassesAreThoseOfTheSecond() {
        // By hand 3/4, 3/5, 6/9; precision_score, recall_score and f1_score(y, p > 0.5) = 0.75, 0.6, 0.6666666666666666
        assertThat(ofTwo(new MetricSpec.Precision())).isCloseTo(0.75, CLOSE);
        assertThat(ofTwo(new MetricSpec.Recall())).isCloseTo(0.6, CLOSE);
        assertThat(ofTwo(new MetricSpec.F1Score())).isCloseTo(2.0 / 3, CLOSE);
    }

    @Test
    void aucOfTwoClassesIsTheChanceThatARowOfTheSecondStandsHigher() {
        // By hand: of 5 · 3 pairs, .8, .9 and .7 win 3 each, .3 wins one and ties one, .2 wins one: 11.5/15;
        // roc_auc_score(y, p) = 0.7666666666666666
        assertThat(ofTwo(new MetricSpec.Auc())).isCloseTo(11.5 / 15, CLOSE);
    }

    @Test
    void aucOfSeveralClassesIsTheMeanOfEachAgainstTheRest() {
        // By hand 8.5/12, 4/6 and 10.5/12, with a tie in the first and the last;
        // roc_auc_score(y, p, multi_class="ovr", average="macro") = 0.75
        assertThat(ofClasses(new MetricSpec.Auc())).isCloseTo(0.75, CLOSE);
    }

    @Test
    void aucIsAHalfWhereAllScoresAreEqual() {
        Metric auc = Metric.of(new MetricSpec.Auc(), 2);
        for (int row = 0; row < 7; row++) {
            auc.add(new float[] {.4f, .6f}, 0, 2, row % 3 == 0 ? 1 : 0);
        }
        assertThat(auc.value()).isEqualTo(0.5);
    }

    @Test
    void aucIsExactOverManyRowsWithManyTies() {
        int rows = 3000;
        int classes = 4;
        SplittableRandom random = new SplittableRandom(5);
        int[] labels = new int[rows];
        float[][] scores = new float[rows][classes];
        Metric auc = Metric.of(new MetricSpec.Auc(), classes);
        for (int row = 0; row < rows; row++) {
            labels[row] = random.nextInt(classes);
            for (int c = 0; c < classes; c++) {
                scores[row][c] = (random.nextInt(40) + (labels[row] == c ? 10 : 0)) / 64f;
            }
            auc.add(scores[row], 0, classes, labels[row]);
        }
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            double wins = 0;
            long pairs = 0;
            for (int a = 0; a < rows; a++) {
                for (int b = 0; labels[a] == c && b < rows; b++) {
                    if (labels[b] != c) {
                        wins += scores[a][c] > scores[b][c] ? 1 : scores[a][c] == scores[b][c] ? 0.5 : 0;
                        pairs++;
                    }
                }
            }
            sum += wins / pairs;
        }
        assertThat(auc.value()).isCloseTo(sum / classes, CLOSE).isBetween(0.6, 0.9);
    }

    @Test
    void errorsOfNumbersAreThoseOfTheirDefinitions() {
        // By hand: errors .5, −.5, 0, −1: (2)/4, √(1.5/4), 1 − 1.5/29.1875; mean_absolute_error(y, p),
        // mean_squared_error(y, p) ** 0.5 and r2_score(y, p) = 0.5, 0.6123724356957945, 0.9486081370449679
        float[] targets = {3, -.5f, 2, 7};
        float[] predictions = {2.5f, 0, 2, 8};
        assertThat(ofNumbers(new MetricSpec.MeanAbsoluteError(), targets, predictions))
                .isCloseTo(0.5, CLOSE);
        assertThat(ofNumbers(new MetricSpec.RootMeanSquaredError(), targets, predictions))
                .isCloseTo(0.6123724356957945, CLOSE);
        assertThat(ofNumbers(new MetricSpec.R2Score(), targets, predictions)).isCloseTo(0.9486081370449679, CLOSE);
    }

    @Test
    void r2KeepsItsDigitsFarFromZero() {
        // 1 − 1/5; a difference of sums of squares would be lost in 4e12.
        float[] targets = {1_000_001, 1_000_002, 1_000_003, 1_000_004};
        float[] predictions = {1_000_001, 1_000_002, 1_000_003, 1_000_005};
        assertThat(ofNumbers(new MetricSpec.R2Score(), targets, predictions)).isCloseTo(0.8, CLOSE);
    }

    @Test
    void r2IsNegativeWhereTheMeanWouldDoBetter() {
        // 1 − 8/2; r2_score([1, 2, 3], [3, 2, 1]) = −3
        assertThat(ofNumbers(new MetricSpec.R2Score(), new float[] {1, 2, 3}, new float[] {3, 2, 1}))
                .isCloseTo(-3, CLOSE);
    }

    @Test
    void r2IsZeroWhereAllTargetsAreEqual() {
        assertThat(ofNumbers(new MetricSpec.R2Score(), new float[] {2, 2, 2}, new float[] {1, 2, 4}))
                .isZero();
        assertThat(ofNumbers(new MetricSpec.R2Score(), new float[] {2}, new float[] {1}))
                .isZero();
    }

    static Stream<MetricSpec> all() {
        return Stream.concat(
                ofClasses(),
                Stream.of(
                        new MetricSpec.MeanAbsoluteError(),
                        new MetricSpec.RootMeanSquaredError(),
                        new MetricSpec.R2Score()));
    }

    static Stream<MetricSpec> ofClasses() {
        return Stream.of(
                new MetricSpec.Accuracy(),
                new MetricSpec.TopKCategoricalAccuracy(2),
                new MetricSpec.Precision(),
                new MetricSpec.Recall(),
                new MetricSpec.F1Score(),
                new MetricSpec.Auc());
    }

    @ParameterizedTest
    @MethodSource("all")
    void ofNoRowsEveryFigureIsZero(MetricSpec spec) {
        for (int classes : new int[] {2, 3}) {
            assertThat(Metric.of(spec, classes).value()).isZero();
        }
    }

    @Test
    void ofOneClassOnlyTheOthersCountAsZeroInMeansOfClasses() {
        // Three rows of class 1 of 3, two of them hits, one taken for class 2: precision (0 + 1 + 0)/3, recall
        // (0 + 2/3 + 0)/3, F1 (0 + 4/5 + 0)/3, as scikit-learn's with labels=[0, 1, 2] and zero_division=0.
        float[][] rows = {{0, 1, 0}, {.2f, .5f, .3f}, {.1f, .3f, .6f}};
        assertThat(value(new MetricSpec.Accuracy(), 3, rows, 1, 1, 1)).isCloseTo(2.0 / 3, CLOSE);
        assertThat(value(new MetricSpec.Precision(), 3, rows, 1, 1, 1)).isCloseTo(1.0 / 3, CLOSE);
        assertThat(value(new MetricSpec.Recall(), 3, rows, 1, 1, 1)).isCloseTo(2.0 / 9, CLOSE);
        assertThat(value(new MetricSpec.F1Score(), 3, rows, 1, 1, 1)).isCloseTo(4.0 / 15, CLOSE);
    }

    @Test
    void ofOneClassOnlyThereIsNoAuc() {
        float[][] rows = {{.3f, .7f}, {.6f, .4f}};
        assertThat(value(new MetricSpec.Auc(), 2, rows, 1, 1)).isZero();
        assertThat(value(new MetricSpec.Auc(), 2, rows, 0, 0)).isZero();
    }

    @Test
    void aucLeavesOutClassesThatNoRowHas() {
        // Class 2 is missing. Class 0: .5 over .2 and .4; class 1: .3 and .6 against .4: (1 + 1/2)/2
        float[][] rows = {{.5f, .4f, .1f}, {.2f, .3f, .5f}, {.4f, .6f, 0}};
        assertThat(value(new MetricSpec.Auc(), 3, rows, 0, 1, 1)).isCloseTo(0.75, CLOSE);
    }

    @Test
    void rowsMayStandAnywhereInAnArray() {
        float[] array = {9, 9, .7f, .2f, .1f, 9, 9};
        for (MetricSpec spec : List.of(new MetricSpec.Accuracy(), new MetricSpec.TopKCategoricalAccuracy(1))) {
            Metric metric = Metric.of(spec, 3);
            metric.add(array, 2, 3, 0);
            assertThat(metric.value()).isEqualTo(1);
        }
        Metric recall = Metric.of(new MetricSpec.Recall(), 3);
        recall.add(array, 2, 3, 0);
        assertThat(recall.value()).isCloseTo(1.0 / 3, CLOSE);
        Metric error = Metric.of(new MetricSpec.MeanAbsoluteError(), 0);
        error.add(array, 4, 1, 1.1f);
        assertThat(error.value()).isCloseTo(1, Offset.offset(1e-6));
        Metric auc = Metric.of(new MetricSpec.Auc(), 3);
        auc.add(array, 2, 3, 0);
        auc.add(new float[] {.5f, .2f, .3f}, 0, 3, 1);
        // Class 0 is told; class 1 is a tie.
        assertThat(auc.value()).isCloseTo(0.75, CLOSE);
    }

    @ParameterizedTest
    @MethodSource("ofClasses")
    void predictionsThatAreNoNumbersAreNeverAHit(MetricSpec spec) {
        for (int classes : new int[] {2, 3, 5}) {
            Metric metric = Metric.of(spec, classes);
            float[] prediction = new float[classes];
            Arrays.fill(prediction, NAN);
            for (int label = 0; label < classes; label++) {
                metric.add(prediction, 0, classes, label);
            }
            assertThat(metric.value()).as("of %d classes", classes).isZero();
        }
    }

    @Test
    void aucOfARowWithoutANumberIsLost() {
        // The row of class 1 that has a number wins its pair, the other loses its own.
        float[][] rows = {{.9f, .1f}, {.1f, .9f}, {NAN, NAN}};
        assertThat(value(new MetricSpec.Auc(), 2, rows, 0, 1, 1)).isEqualTo(0.5);
    }

    @Test
    void errorsOfARowWithoutANumberAreSeen() {
        for (MetricSpec spec : List.of(
                new MetricSpec.MeanAbsoluteError(), new MetricSpec.RootMeanSquaredError(), new MetricSpec.R2Score())) {
            assertThat(ofNumbers(spec, new float[] {1, 2, 3}, new float[] {1, NAN, 3}))
                    .isNaN();
        }
    }

    private static double ofClasses(MetricSpec spec) {
        return value(spec, 3, PROBABILITIES, LABELS);
    }

    private static double ofTwo(MetricSpec spec) {
        float[][] both = new float[CHANCES.length][];
        for (int row = 0; row < both.length; row++) {
            both[row] = new float[] {1 - CHANCES[row], CHANCES[row]};
        }
        return value(spec, 2, both, TRUTHS);
    }

    private static double value(MetricSpec spec, int classes, float[][] predictions, int... labels) {
        Metric metric = Metric.of(spec, classes);
        for (int row = 0; row < labels.length; row++) {
            metric.add(predictions[row], 0, classes, labels[row]);
        }
        return metric.value();
    }

    private static double ofNumbers(MetricSpec spec, float[] targets, float[] predictions) {
        Metric metric = Metric.of(spec, 0);
        for (int row = 0; row < targets.length; row++) {
            metric.add(predictions, row, 1, targets[row]);
        }
        return metric.value();
    }
}
