package io.trainyard.training;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * What was deleted since it was kept for long enough.
 *
 * @param jobs with all that belongs to them
 * @param logLines of other jobs
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ExpiredJobs(long jobs, long logLines) {}
