package io.trainyard.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class FreshTest {

    private final AtomicInteger looks = new AtomicInteger();

    @Test
    void valueIsLookedUpOnceInItsTime() {
        Fresh<Integer> value = new Fresh<>("test", Duration.ofHours(1), looks::incrementAndGet);
        assertThat(value.get()).hasValue(1);
        assertThat(value.get()).hasValue(1);
        assertThat(new Fresh<>("test", Duration.ZERO, looks::incrementAndGet).get())
                .hasValue(2);
    }

    @Test
    void valueThatCannotBeLookedUpIsNone() {
        Fresh<Integer> value = new Fresh<>("test", Duration.ofHours(1), () -> {
            throw new IllegalStateException("away");
        });
        assertThat(value.get()).isEmpty();
    }

    /** Ten who ask do not wait ten times as long, and what hangs is not asked by a thread more each time. */
    @Test
    void whatHangsIsWaitedForOnceAndAskedOnce() {
        CountDownLatch hangs = new CountDownLatch(1);
        Fresh<Integer> value = new Fresh<>("test", Duration.ofHours(1), () -> {
            try {
                hangs.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return looks.incrementAndGet();
        });
        long begun = System.nanoTime();
        for (int i = 0; i < 10; i++) {
            assertThat(value.get()).isEmpty();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isBetween(Duration.ofMillis(900), Duration.ofSeconds(5));
        hangs.countDown();
        Awaitility.await().until(() -> value.get().isPresent());
        assertThat(value.get()).hasValue(1);
    }
}
