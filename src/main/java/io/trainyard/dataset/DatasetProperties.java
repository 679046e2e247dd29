package io.trainyard.dataset;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings {@code trainyard.datasets.*}.
 *
 * @param dir where the operator keeps files of built-in datasets, in a folder for each name; none by default
 * @param downloadDir where built-in datasets are downloaded to
 */
@ConfigurationProperties("trainyard.datasets")
record DatasetProperties(@Nullable Path dir, Path downloadDir) {}
