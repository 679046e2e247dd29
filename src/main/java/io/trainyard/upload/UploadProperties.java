package io.trainyard.upload;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings {@code trainyard.uploads.*}.
 *
 * @param dir where files are kept while a request lasts
 * @param maxSize of a body of several parts
 */
@ConfigurationProperties("trainyard.uploads")
record UploadProperties(Path dir, @DefaultValue("20GB") DataSize maxSize) {}
