package io.trainyard.dataset;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings {@code trainyard.datasets.*}.
 *
 * @param dir where the operator keeps files of built-in datasets, in a folder for each name; none by default
 * @param downloadDir where built-in datasets are downloaded to
 * @param maxConcurrent uploads that are made into versions at a time; further ones are answered with 429
 */
@ConfigurationProperties("trainyard.datasets")
record DatasetProperties(
        @Nullable Path dir,
        Path downloadDir,
        @DefaultValue("2") int maxConcurrent) {}
