package io.trainyard.encoding;

import java.util.Comparator;
import java.util.stream.IntStream;

/** The most probable classes. */
public final class Ranking {

    private Ranking() {}

    /**
     * Indices of the largest values, best first; of equal ones the first.
     *
     * @param offset where the row begins
     * @param classes how many values it has
     */
    public static int[] best(float[] values, int offset, int classes, int count) {
        if (count == 1) {
            int best = 0;
            for (int i = 1; i < classes; i++) {
                if (values[offset + i] > values[offset + best]) {
                    best = i;
                }
            }
            return new int[] {best};
        }
        return IntStream.range(0, classes)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> values[offset + i])
                        .reversed())
                .limit(count)
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
