package io.trainyard.training;

import java.util.List;
import java.util.UUID;

/**
 * What a check of all jobs has found.
 *
 * @param jobs that were checked
 * @param faults promises about jobs that do not hold, in words
 * @param queuedAgain jobs that were live but in no queue, and were put back
 */
public record JobsReport(long jobs, List<String> faults, List<UUID> queuedAgain) {}
