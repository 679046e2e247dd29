package io.trainyard.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Batches become as large, and waits as long, as the stated p99 allows, and no larger or longer. */
class AdaptiveBatchingTest {

    private static final long MILLI = 1_000_000;
    private static final long TARGET = 20 * MILLI;
    /** Any, but not 0: {@link System#nanoTime} may give negative times, too. */
    private static final long NOW = -12_345_678_901L;

    private final AdaptiveBatching policy = new AdaptiveBatching(Duration.ofNanos(TARGET), 128);

    private void answered(int requests, long nanos) {
        for (int i = 0; i < requests; i++) {
            policy.answered(nanos);
        }
    }

    /** A network that takes {@code base} for each batch, and {@code perRow} for each row, and always finds enough of them. */
    private int sizeAfterManyBatches(long base, long perRow) {
        for (int i = 0; i < 1000; i++) {
            int rows = policy.maxRows();
            policy.computed(rows, true, base + perRow * rows, rows);
        }
        return policy.maxRows();
    }

    @Test
    void fullBatchesGrowToTheLargestWhileTheyTakeLessThanHalfTheTime() {
        assertThat(sizeAfterManyBatches(MILLI, MILLI / 100)).isEqualTo(128);
    }

    @Test
    void batchesStopGrowingWhereTheyTakeHalfTheTime() {
        // 1 ms + 0.5 ms a row: 18 rows take 10 ms.
        assertThat(sizeAfterManyBatches(MILLI, MILLI / 2)).isBetween(13, 20);
    }

    @Test
    void batchesOfANetworkThatIsTooSlowBecomeSingleRows() {
        assertThat(sizeAfterManyBatches(MILLI, 30 * MILLI)).isEqualTo(1);
    }

    @Test
    void batchesGrowAgainOnceTheNetworkIsFastAgain() {
        sizeAfterManyBatches(MILLI, 30 * MILLI);
        assertThat(sizeAfterManyBatches(MILLI, MILLI / 100)).isEqualTo(128);
    }

    @Test
    void batchesThatAreNotFullDoNotGrow() {
        int before = policy.maxRows();
        for (int i = 0; i < 100; i++) {
            policy.computed(before, false, MILLI, 0);
        }
        assertThat(policy.maxRows()).isEqualTo(before);
    }

    @Test
    void loneClientNeverWaits() {
        answered(10_000, MILLI);
        policy.computed(1, false, MILLI, 0);
        assertThat(policy.enoughRows()).isEqualTo(1);
    }

    @Test
    void clientsThatTakeTurnsAreAwaited() {
        answered(10_000, MILLI);
        policy.computed(4, false, MILLI, 3);
        assertThat(policy.enoughRows()).isEqualTo(7);
        assertThat(policy.patience(NOW, NOW, NOW)).isPositive();
    }

    @Test
    void waitIsCountedFromTheLaterOfArrivalAndFreeThread() {
        answered(10_000, MILLI);
        policy.computed(4, false, 100 * MILLI, 3);
        long delay = policy.figures().maxDelay().toNanos();
        assertThat(policy.patience(NOW - delay, NOW, NOW)).isEqualTo(delay);
        assertThat(policy.patience(NOW, NOW - delay, NOW)).isEqualTo(delay);
        assertThat(policy.patience(NOW - delay, NOW - delay, NOW)).isZero();
    }

    @Test
    void nobodyWaitsLongerThanABatchTakes() {
        answered(100_000, MILLI);
        policy.computed(4, false, MILLI, 3);
        assertThat(policy.patience(NOW, NOW, NOW)).isEqualTo(MILLI);
    }

    @Test
    void delayGrowsToAQuarterOfTheTimeWhileTheP99IsKept() {
        assertThat(policy.figures().maxDelay()).isZero();
        answered(200, MILLI);
        assertThat(policy.figures().maxDelay()).isPositive();
        answered(100_000, MILLI);
        assertThat(policy.figures().maxDelay()).isEqualTo(Duration.ofNanos(TARGET / 4));
    }

    @Test
    void delayStaysWhereTheP99IsNearItsTarget() {
        answered(400, MILLI);
        Duration before = policy.figures().maxDelay();
        answered(10_000, TARGET - MILLI);
        assertThat(policy.figures().maxDelay()).isEqualTo(before);
    }

    @Test
    void delayVanishesWhileTheP99IsMissed() {
        answered(100_000, MILLI);
        answered(200 * 40, TARGET + MILLI);
        assertThat(policy.figures().maxDelay()).isZero();
    }

    @Test
    void p99IsThatOfTheLatestRequests() {
        answered(198, MILLI);
        answered(2, 7 * MILLI);
        assertThat(policy.figures().p99()).isEqualTo(Duration.ofMillis(1));
        answered(197, MILLI);
        answered(3, 7 * MILLI);
        assertThat(policy.figures().p99()).isEqualTo(Duration.ofMillis(7));
    }

    @Test
    void fixedBatchingWaitsForAFullBatchOrItsDelay() {
        FixedBatching fixed = new FixedBatching(4, Duration.ofMillis(5));
        assertThat(fixed.enoughRows()).isEqualTo(4);
        assertThat(fixed.patience(NOW, NOW, NOW + 2 * MILLI)).isEqualTo(3 * MILLI);
        assertThat(fixed.patience(NOW, NOW, NOW + 5 * MILLI)).isZero();
    }
}
