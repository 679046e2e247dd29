package io.trainyard.reconciliation;

import io.trainyard.artifact.StoreReport;
import io.trainyard.training.ExpiredJobs;
import io.trainyard.training.JobsReport;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a reconciliation has found.
 *
 * @param clean whether nothing is missing or damaged and every promise holds
 * @param expired jobs, and logs of jobs, that were deleted since they were kept for long enough; null in reports of earlier
 *     releases, and where that failed
 */
record ReconciliationReport(
        Instant startedAt,
        Instant finishedAt,
        boolean clean,
        StoreReport store,
        JobsReport jobs,
        @Nullable ExpiredJobs expired) {}
