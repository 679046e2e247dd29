package io.trainyard.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Of many the first hundred stay, in whatever order they come. */
class WorstTest {

    @Test
    void theFirstHundredStayInOrder() {
        List<Integer> all = IntStream.range(0, 10_000).boxed().collect(Collectors.toList());
        Collections.shuffle(all, new Random(1));
        Worst<Integer> worst = new Worst<>(Comparator.<Integer>reverseOrder());
        all.forEach(worst::add);
        assertThat(worst.list())
                .containsExactlyElementsOf(
                        IntStream.range(0, 100).map(i -> 9_999 - i).boxed().toList());
    }

    @Test
    void fewAreAllThere() {
        Worst<Integer> worst = new Worst<>(Comparator.<Integer>naturalOrder());
        worst.add(3);
        worst.add(1);
        assertThat(worst.list()).containsExactly(1, 3);
    }
}
