package io.trainyard.artifact;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings {@code trainyard.artifacts.*}.
 *
 * @param dir the store's folder, shared by the API and all workers
 */
@ConfigurationProperties("trainyard.artifacts")
record ArtifactProperties(Path dir) {}
