package io.trainyard.training;

import java.util.Locale;

/** The log of a run, which its user reads. */
final class RunLog {

    private final Lease lease;
    private final DatabaseRetry retry;

    RunLog(Lease lease, DatabaseRetry retry) {
        this.lease = lease;
        this.retry = retry;
    }

    void add(String format, Object... arguments) {
        retry.run(() -> lease.log(String.format(Locale.ROOT, format, arguments)));
    }
}
