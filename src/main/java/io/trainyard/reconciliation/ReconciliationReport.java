package io.trainyard.reconciliation;

import io.trainyard.artifact.StoreReport;
import io.trainyard.training.JobsReport;
import java.time.Instant;

/**
 * What a reconciliation has found.
 *
 * @param clean whether nothing is missing or damaged and every promise holds
 */
record ReconciliationReport(Instant startedAt, Instant finishedAt, boolean clean, StoreReport store, JobsReport jobs) {}
