package io.trainyard.artifact;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings {@code trainyard.artifacts.*}.
 *
 * @param dir the store's folder, shared by the API and all workers
 * @param orphanAge of files that nothing needs, after which they are deleted
 */
@ConfigurationProperties("trainyard.artifacts")
record ArtifactProperties(Path dir, @DefaultValue("1d") Duration orphanAge) {}
