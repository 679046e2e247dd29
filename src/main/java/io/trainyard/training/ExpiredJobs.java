package io.trainyard.training;

/**
 * What was deleted since it was kept for long enough.
 *
 * @param jobs with all that belongs to them
 * @param logLines of other jobs
 */
public record ExpiredJobs(long jobs, long logLines) {}
