package io.trainyard.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A permutation has each number once, can be read both ways, and is another for each seed. */
class PermutationTest {

    @Test
    void eachNumberComesOnceWhateverTheSize() {
        for (int size : new int[] {1, 2, 3, 4, 5, 15, 16, 17, 63, 64, 65, 1000, 65_537, 300_000}) {
            Permutation permutation = new Permutation(size, size);
            BitSet seen = new BitSet();
            for (int i = 0; i < size; i++) {
                int number = permutation.at(i);
                assertThat(number).isBetween(0, size - 1);
                assertThat(permutation.indexOf(number)).isEqualTo(i);
                seen.set(number);
            }
            assertThat(seen.cardinality()).as("of %d", size).isEqualTo(size);
        }
    }

    @Test
    void theLargestSizeDoesNotOverflow() {
        Permutation permutation = new Permutation(7, Integer.MAX_VALUE);
        for (int index : new int[] {0, 1, 1 << 30, Integer.MAX_VALUE - 1}) {
            int number = permutation.at(index);
            assertThat(number).isBetween(0, Integer.MAX_VALUE - 1);
            assertThat(permutation.indexOf(number)).isEqualTo(index);
        }
    }

    /** Over many seeds each number is as often at each index as at any other. */
    @Test
    void noPlaceIsPreferred() {
        int size = 6;
        int[][] counts = new int[size][size];
        for (int seed = 0; seed < 72_000; seed++) {
            Permutation permutation = new Permutation(Seeds.of(1, seed), size);
            for (int i = 0; i < size; i++) {
                counts[i][permutation.at(i)]++;
            }
        }
        // Five standard deviations.
        assertThat(Arrays.stream(counts).flatMapToInt(Arrays::stream))
                .allSatisfy(count -> assertThat(count).isBetween(11_500, 12_500));
    }

    /** Of two numbers in order, the smaller comes first half of the time, and neighbours are no more often neighbours. */
    @Test
    void neighboursPart() {
        Permutation permutation = new Permutation(3, 100_000);
        long ascending = IntStream.range(1, 100_000)
                .filter(i -> permutation.at(i) > permutation.at(i - 1))
                .count();
        long close = IntStream.range(1, 100_000)
                .filter(i -> Math.abs(permutation.at(i) - permutation.at(i - 1)) < 100)
                .count();
        assertThat(ascending).isBetween(49_500L, 50_500L);
        // 2 · 99 / 100,000 of all.
        assertThat(close).isBetween(140L, 260L);
    }
}
