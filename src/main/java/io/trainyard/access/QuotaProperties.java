package io.trainyard.access;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings {@code trainyard.quotas.*}: what one owner may take of the service. Who sees everybody's things has none.
 *
 * @param queuedJobs that may wait
 * @param disk of datasets, model versions and files of predictions
 */
@ConfigurationProperties("trainyard.quotas")
record QuotaProperties(
        @DefaultValue("1000") int queuedJobs,
        @DefaultValue("100GB") DataSize disk) {}
