package io.trainyard.client;

import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.web.client.ResourceAccessException;

/** Asks for a job until it has ended: ten times a second at first, every two seconds at last. */
final class Waiting {

    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(2);
    private static final Set<Integer> PASSING = Set.of(429, 503);

    private final Duration timeout;
    private final long start = System.nanoTime();
    private Duration pause = FIRST;

    Waiting(Duration timeout) {
        this.timeout = timeout;
    }

    Job until(UUID id, Supplier<Job> ask) {
        while (true) {
            try {
                Job job = ask.get();
                if (job.status().isTerminal()) {
                    return job;
                }
                if (left().isNegative()) {
                    throw new JobTimeoutException(job, timeout);
                }
                sleep(pause);
                pause = shorter(pause.multipliedBy(5).dividedBy(4), LONGEST);
            } catch (ProblemException problem) {
                if (!PASSING.contains(problem.status()) || left().isNegative()) {
                    throw problem;
                }
                sleep(problem.retryAfter().orElse(LONGEST));
            } catch (ResourceAccessException unreachable) {
                // It may be starting anew; the job goes on.
                if (left().isNegative()) {
                    throw unreachable;
                }
                sleep(LONGEST);
            }
        }
    }

    private Duration left() {
        return timeout.minusNanos(System.nanoTime() - start);
    }

    private void sleep(Duration wanted) {
        try {
            Thread.sleep(Math.max(1, shorter(wanted, left()).toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a job", e);
        }
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
