package io.trainyard.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.network.Augmentation;
import io.trainyard.network.layer.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Batches hold the right rows in the right order, whatever went wrong before; their augmentation is each row's own. */
class InputPipelineTest {

    private static final Shape SHAPE = Shape.of(3, 4, 1);
    private static final Augmentation AUGMENTATION =
            new Augmentation(30.0, 0.2, 0.2, 0.2, true, true, Augmentation.FillMode.NEAREST);

    private final InputPipeline pipeline = new InputPipeline(SHAPE);

    @BeforeAll
    static void loadsNativeCode() {
        assertThat(new Engine().device().threads()).isPositive();
    }

    @AfterEach
    void close() {
        pipeline.close();
    }

    @Test
    void batchesComeInOrderWithTheirRowsAndTheLastIsSmaller() {
        int[] order = {7, 2, 9, 0, 4, 1, 8, 3, 6, 5};
        assertThat(batches(new Rows(10), order, 4))
                .containsExactly(List.of(7, 2, 9, 0), List.of(4, 1, 8, 3), List.of(6, 5));
    }

    @Test
    void batchesAreNoSmallerWhereTheRowsDivide() {
        int[] order = IntStream.range(0, 6).toArray();
        assertThat(batches(new Rows(6), order, 3)).containsExactly(List.of(0, 1, 2), List.of(3, 4, 5));
        assertThat(batches(new Rows(6), order, 100)).containsExactly(List.of(0, 1, 2, 3, 4, 5));
        assertThat(batches(new Rows(6), new int[0], 3)).isEmpty();
    }

    @Test
    void aRowMayComeMoreThanOnceAndOthersNot() {
        assertThat(batches(new Rows(100), new int[] {42, 42, 7, 42}, 3))
                .containsExactly(List.of(42, 42, 7), List.of(42));
    }

    @Test
    void manyBatchesGoThroughTheSameFewArrays() {
        Set<Batch> arrays = new HashSet<>();
        int[] order = IntStream.range(0, 200).toArray();
        for (int pass = 0; pass < 3; pass++) {
            List<Integer> rows = new ArrayList<>();
            pipeline.forEach(new Rows(200), pass(order, 2), (index, batch) -> {
                rows.addAll(rows(batch));
                arrays.add(batch);
                return true;
            });
            assertThat(rows)
                    .containsExactlyElementsOf(IntStream.range(0, 200).boxed().toList());
        }
        // The one in use and those ahead.
        assertThat(arrays).hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void noBatchComesAfterTheConsumerHasEnough() {
        Rows rows = new Rows(100);
        int[] order = IntStream.range(0, 100).toArray();
        List<Integer> indices = new ArrayList<>();
        pipeline.forEach(rows, pass(order, 5), (index, batch) -> {
            indices.add(index);
            return index < 2;
        });
        assertThat(indices).containsExactly(0, 1, 2);
        // Of the third batch and the two that were made ahead.
        assertThat(rows.read).hasSizeLessThanOrEqualTo(25);
        assertThat(batches(new Rows(3), new int[] {2, 1, 0}, 2)).containsExactly(List.of(2, 1), List.of(0));
    }

    @Test
    void whatExamplesThrowReachesTheCallerAndThePipelineWorksAgain() {
        Rows broken = new Rows(20).failingAt(row -> {
            if (row == 11) {
                throw new IllegalArgumentException("row " + row);
            }
        });
        int[] order = IntStream.range(0, 20).toArray();
        List<List<Integer>> before = new ArrayList<>();
        assertThatThrownBy(() -> collect(broken, order, 4, before))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("row 11");
        assertThat(before).containsExactly(List.of(0, 1, 2, 3), List.of(4, 5, 6, 7));
        assertThat(batches(new Rows(20), order, 8)).hasSize(3).contains(List.of(16, 17, 18, 19));
    }

    /** The batches behind the broken one are made ahead, and fail too; theirs is not the news. */
    @Test
    void ofSeveralFailuresOfExamplesTheFirstReachesTheCaller() {
        Rows broken = new Rows(20).failingAt(row -> {
            if (row >= 9) {
                throw new IllegalArgumentException("row " + row);
            }
        });
        assertThatThrownBy(() -> batches(broken, IntStream.range(0, 20).toArray(), 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("row 9");
        assertThat(batches(new Rows(3), new int[] {2, 1, 0}, 2)).containsExactly(List.of(2, 1), List.of(0));
    }

    @Test
    void anErrorOfExamplesReachesTheCallerAsTheCause() {
        Rows broken = new Rows(20).failingAt(row -> {
            throw new StackOverflowError("row " + row);
        });
        assertThatThrownBy(() -> batches(broken, new int[] {3}, 4))
                .isInstanceOf(IllegalStateException.class)
                .hasCauseInstanceOf(StackOverflowError.class);
    }

    @Test
    void whatTheConsumerThrowsReachesTheCallerAndThePipelineWorksAgain() {
        int[] order = IntStream.range(0, 20).toArray();
        List<Integer> indices = new ArrayList<>();
        assertThatThrownBy(() -> pipeline.forEach(new Rows(20), pass(order, 4), (index, batch) -> {
                    indices.add(index);
                    if (index == 1) {
                        throw new UnsupportedOperationException("enough");
                    }
                    return true;
                }))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("enough");
        assertThat(indices).containsExactly(0, 1);
        assertThat(batches(new Rows(20), order, 8)).hasSize(3).contains(List.of(16, 17, 18, 19));
    }

    /** A cancelled job is cancelled, even where the rows that were read ahead are broken. */
    @Test
    void whatTheConsumerThrowsIsNotHiddenByFailuresOfRowsReadAhead() {
        Rows broken = new Rows(20).failingAt(row -> {
            if (row >= 4) {
                throw new IllegalArgumentException("row " + row);
            }
        });
        int[] order = IntStream.range(0, 20).toArray();
        assertThatThrownBy(() -> pipeline.forEach(broken, pass(order, 4), (index, batch) -> {
                    throw new UnsupportedOperationException("enough");
                }))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("enough");
    }

    /** Rows read ahead in vain are no failure of a pass that ended before them. */
    @Test
    void aPassThatEndsEarlyDoesNotFailForRowsItNeverReached() {
        Rows broken = new Rows(20).failingAt(row -> {
            if (row >= 8) {
                throw new IllegalArgumentException("row " + row);
            }
        });
        List<Integer> indices = new ArrayList<>();
        pipeline.forEach(broken, pass(IntStream.range(0, 20).toArray(), 4), (index, batch) -> {
            indices.add(index);
            return false;
        });
        assertThat(indices).containsExactly(0);
    }

    /** A row takes 20 ms to read, the network none. */
    @Test
    void whatTheNetworkWaitsIsToldAndNoMore() {
        long each = 20_000_000;
        Rows slow = new Rows(5).failingAt(row -> {
            long begun = System.nanoTime();
            while (System.nanoTime() - begun < each) {
                Thread.onSpinWait();
            }
        });
        long begun = System.nanoTime();
        Duration waited = pipeline.forEach(slow, pass(new int[] {0, 1, 2, 3, 4}, 1), (index, batch) -> true);
        assertThat(waited.toNanos()).isBetween(4 * each, System.nanoTime() - begun);
        assertThat(pipeline.forEach(new Rows(5), pass(new int[0], 1), (index, batch) -> true))
                .isZero();
    }

    @Test
    void anInterruptIsKeptAndBreaksNoBatch() {
        int[] order = IntStream.range(0, 10).toArray();
        Thread.currentThread().interrupt();
        try {
            assertThat(batches(new Rows(10), order, 4)).hasSize(3).contains(List.of(8, 9));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void augmentationDependsOnTheSeedAndTheRowOnly() {
        int[] forwards = IntStream.range(0, 12).toArray();
        int[] other = {5, 11, 0, 3, 8, 1, 10, 2, 7, 4, 9, 6};
        Map<Integer, List<Float>> once = augmented(forwards, 12, 77);
        assertThat(once).hasSize(12);
        assertThat(augmented(forwards, 12, 77)).isEqualTo(once);
        assertThat(augmented(forwards, 5, 77)).isEqualTo(once);
        assertThat(augmented(other, 1, 77)).isEqualTo(once);
        assertThat(augmented(other, 7, 77)).isEqualTo(once);
        assertThat(augmented(new int[] {9, 4}, 7, 77)).isEqualTo(Map.of(4, once.get(4), 9, once.get(9)));
    }

    @Test
    void augmentationIsAnotherForEachSeedAndRow() {
        int[] order = IntStream.range(0, 12).toArray();
        Map<Integer, List<Float>> once = augmented(order, 4, 77);
        Map<Integer, List<Float>> again = augmented(order, 4, 78);
        for (int row : order) {
            assertThat(again.get(row)).as("row %d", row).isNotEqualTo(once.get(row));
        }
        // But for what marks the rows, they are alike.
        Set<List<Long>> unmarked = new HashSet<>();
        once.forEach((row, picture) -> unmarked.add(
                picture.stream().map(value -> Math.round((value - row) * 1e4)).toList()));
        assertThat(unmarked).hasSize(12);
    }

    @Test
    void withoutAnAugmenterRowsAreAsTheExamplesGiveThem() {
        Map<Integer, List<Float>> rows = read(new int[] {3, 1}, 2, null, 77);
        for (int row : new int[] {1, 3}) {
            float[] given = new float[SHAPE.size()];
            new Rows(4).copyFeatures(row, given, 0);
            assertThat(rows.get(row)).isEqualTo(list(given));
        }
    }

    private Map<Integer, List<Float>> augmented(int[] order, int batchSize, long seed) {
        return read(order, batchSize, new Augmenter(AUGMENTATION, SHAPE), seed);
    }

    /** What each row looks like, found by its target. */
    private Map<Integer, List<Float>> read(int[] order, int batchSize, @Nullable Augmenter augmenter, long seed) {
        Map<Integer, List<Float>> found = new HashMap<>();
        Pass pass = new Pass(new RowOrder.Listed(order), 0, batchSize, augmenter, seed);
        pipeline.forEach(new Rows(12), pass, (index, batch) -> {
            float[] values = batch.features().dup('c').data().asFloat();
            for (int i = 0; i < batch.rows(); i++) {
                float[] picture = Arrays.copyOfRange(values, i * SHAPE.size(), (i + 1) * SHAPE.size());
                found.put((int) batch.targets()[i] - 1000, list(picture));
            }
            return true;
        });
        return found;
    }

    private static Pass pass(int[] order, int batchSize) {
        return Pass.over(new RowOrder.Listed(order), batchSize);
    }

    private List<List<Integer>> batches(Examples examples, int[] order, int batchSize) {
        List<List<Integer>> batches = new ArrayList<>();
        collect(examples, order, batchSize, batches);
        return batches;
    }

    private void collect(Examples examples, int[] order, int batchSize, List<List<Integer>> batches) {
        pipeline.forEach(examples, pass(order, batchSize), (index, batch) -> {
            assertThat(index).isEqualTo(batches.size());
            batches.add(rows(batch));
            return true;
        });
    }

    /** The rows of a batch by their features, which are to agree with their targets. */
    private static List<Integer> rows(Batch batch) {
        List<Integer> rows = new ArrayList<>();
        assertThat(batch.features().shape()).containsExactly(SHAPE.batch(batch.rows()));
        float[] values = batch.features().dup('c').data().asFloat();
        for (int i = 0; i < batch.rows(); i++) {
            int row = (int) values[i * SHAPE.size()];
            float[] expected = new float[SHAPE.size()];
            new Rows(0).copyFeatures(row, expected, 0);
            assertThat(Arrays.copyOfRange(values, i * SHAPE.size(), (i + 1) * SHAPE.size()))
                    .containsExactly(expected);
            assertThat(batch.targets()[i]).isEqualTo(1000 + row);
            rows.add(row);
        }
        return rows;
    }

    private static List<Float> list(float[] values) {
        List<Float> list = new ArrayList<>();
        for (float value : values) {
            list.add(value);
        }
        return list;
    }

    /** Rows whose first value and whose target say which they are. */
    private static final class Rows implements Examples {

        private final int count;
        /** Which rows were read. */
        private final ConcurrentLinkedQueue<Integer> read = new ConcurrentLinkedQueue<>();

        private IntConsumer before = row -> {};

        Rows(int count) {
            this.count = count;
        }

        Rows failingAt(IntConsumer thrower) {
            before = thrower;
            return this;
        }

        @Override
        public int count() {
            return count;
        }

        @Override
        public float target(int row) {
            return 1000f + row;
        }

        @Override
        public void copyFeatures(int row, float[] target, int offset) {
            before.accept(row);
            read.add(row);
            for (int i = 0; i < SHAPE.size(); i++) {
                target[offset + i] = row + i / 16f;
            }
        }
    }
}
