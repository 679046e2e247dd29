package io.trainyard.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whatever the order, an epoch has each row once, at a place that follows from the seed, the count and the buffer. */
class RowOrderTest {

    /** What releases before the buffer gave for this seed: their checkpoints are to be gone on from. */
    @Test
    void theWholeSplitIsShuffledAsItAlwaysWas() {
        assertThat(rows(RowOrder.shuffled(42, 20, null)))
                .containsExactly(4, 14, 17, 1, 7, 12, 8, 18, 13, 5, 3, 0, 2, 10, 16, 19, 15, 9, 6, 11);
    }

    @Test
    void aBufferOfTheWholeSplitIsNone() {
        assertThat(rows(RowOrder.shuffled(5, 300, 300))).containsExactly(rows(RowOrder.shuffled(5, 300, null)));
        assertThat(rows(RowOrder.shuffled(5, 300, 299))).isNotEqualTo(rows(RowOrder.shuffled(5, 300, null)));
    }

    @Test
    void storedRowsComeAsTheyLie() {
        assertThat(rows(new RowOrder.Stored(5))).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void inBlocksEachRowComesOnceWhereverTheShortBlockFalls() {
        for (int buffer : new int[] {1, 2, 3, 8, 10, 32, 100, 1000}) {
            for (int count : new int[] {buffer + 1, buffer + 2, 2 * buffer, 2 * buffer + 1, 1009, 5000}) {
                for (int seed = 0; seed < 20 && count > buffer; seed++) {
                    RowOrder order = RowOrder.shuffled(seed, count, buffer);
                    BitSet seen = new BitSet();
                    for (int row : rows(order)) {
                        seen.set(row);
                    }
                    assertThat(seen.length()).isEqualTo(count);
                    assertThat(seen.cardinality())
                            .as("of %d rows with a buffer of %d and seed %d", count, buffer, seed)
                            .isEqualTo(count);
                }
            }
        }
    }

    @Test
    void theSameSeedGivesTheSameOrderAndAnotherAnother() {
        int[] once = rows(RowOrder.shuffled(9, 5000, 400));
        assertThat(rows(RowOrder.shuffled(9, 5000, 400))).containsExactly(once);
        assertThat(rows(RowOrder.shuffled(10, 5000, 400))).isNotEqualTo(once);
        assertThat(rows(RowOrder.shuffled(9, 5000, 401))).isNotEqualTo(once);
        assertThat(rows(RowOrder.shuffled(Seeds.of(9, 0), 5000, 400)))
                .isNotEqualTo(rows(RowOrder.shuffled(Seeds.of(9, 1), 5000, 400)));
    }

    /** As a new release must not change the order under a job that is half done. */
    @Test
    void inBlocksTheOrderIsThatOfEveryRelease() {
        assertThat(rows(RowOrder.shuffled(42, 20, 8)))
                .containsExactly(13, 14, 12, 6, 8, 7, 9, 10, 11, 3, 5, 4, 17, 15, 0, 2, 16, 1, 18, 19);
    }

    @Test
    void theFirstRowsComeFromManyBlocksAllOverTheSplit() {
        RowOrder.InBlocks order = new RowOrder.InBlocks(3, 100_000, 2500);
        assertThat(order.blockRows()).isEqualTo(50);
        assertThat(order.windowBlocks()).isEqualTo(50);
        Set<Integer> blocks = new HashSet<>();
        Set<Integer> tenths = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            blocks.add(order.row(i) / 50);
            tenths.add(order.row(i) / 10_000);
        }
        assertThat(blocks).hasSizeGreaterThan(35);
        assertThat(tenths).hasSizeGreaterThanOrEqualTo(9);
    }

    /** So a disk reads each block in one go: once the next window has begun, none of its rows is wanted again. */
    @Test
    void aBlockIsDoneWithWithinOneWindow() {
        int count = 100_003;
        int buffer = 2500;
        RowOrder.InBlocks order = new RowOrder.InBlocks(3, count, buffer);
        int[] first = new int[2001];
        int[] last = new int[2001];
        Arrays.fill(first, -1);
        for (int i = 0; i < count; i++) {
            int block = order.row(i) / order.blockRows();
            first[block] = first[block] < 0 ? i : first[block];
            last[block] = i;
        }
        for (int block = 0; block < first.length; block++) {
            assertThat(last[block] - first[block]).as("block %d", block).isBetween(0, buffer - 1);
        }
        // And no more blocks than the buffer holds are in use at a time.
        for (int i = 0; i < count; i += 97) {
            int at = i;
            assertThat(IntStream.range(0, first.length)
                            .filter(block -> first[block] <= at && at <= last[block])
                            .count())
                    .isLessThanOrEqualTo(order.windowBlocks());
        }
    }

    /** Rows that lie together come apart: a split that is sorted by class gives mixed batches. */
    @Test
    void rowsWithinAWindowAreMixed() {
        RowOrder order = RowOrder.shuffled(1, 100_000, 10_000);
        List<Integer> ofTenth = new ArrayList<>();
        for (int batch = 0; batch < 300; batch++) {
            int start = batch * 100;
            ofTenth.add((int) IntStream.range(start, start + 100)
                    .filter(i -> order.row(i) < 50_000)
                    .count());
        }
        assertThat(ofTenth).allSatisfy(half -> assertThat(half).isBetween(20, 80));
    }

    @Test
    void countsUpToTheLargestDoNotOverflow() {
        int count = Integer.MAX_VALUE;
        for (int buffer : new int[] {1, 1_000_000, count - 1}) {
            RowOrder order = RowOrder.shuffled(1, count, buffer);
            for (int position : new int[] {0, 1, count / 2, count - 2, count - 1}) {
                assertThat(order.row(position)).isBetween(0, count - 1);
            }
        }
        Pass pass = new Pass(new RowOrder.Stored(count), 64, 64, null, 0);
        assertThat(pass.batches()).isEqualTo(33_554_431);
        assertThat(pass.rows(33_554_430)).isEqualTo(63);
        assertThat(pass.row(33_554_430, 62)).isEqualTo(count - 1);
    }

    @Test
    void aPassFromTheMiddleReadsWhatIsLeft() {
        RowOrder order = RowOrder.shuffled(4, 100, 30);
        Pass whole = Pass.over(order, 8);
        Pass left = new Pass(order, 24, 8, null, 0);
        assertThat(whole.batches()).isEqualTo(13);
        assertThat(left.batches()).isEqualTo(10);
        assertThat(left.rows(9)).isEqualTo(4).isEqualTo(whole.rows(12));
        for (int batch = 0; batch < 10; batch++) {
            for (int place = 0; place < left.rows(batch); place++) {
                assertThat(left.row(batch, place)).isEqualTo(whole.row(batch + 3, place));
            }
        }
        assertThat(new Pass(order, 100, 8, null, 0).batches()).isZero();
    }

    private static int[] rows(RowOrder order) {
        return IntStream.range(0, order.count()).map(order::row).toArray();
    }
}
