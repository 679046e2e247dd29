package io.trainyard.modelimport;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings {@code trainyard.imports.*}.
 *
 * @param maxFileSize of a file, as it is sent and unpacked
 * @param memory that the process which reads a file may take; a third of it is its heap
 * @param timeout after which that process is ended
 * @param maxConcurrent files that are read at a time; further ones are answered with 429
 */
@ConfigurationProperties("trainyard.imports")
record ImportProperties(
        @DefaultValue("512MB") DataSize maxFileSize,
        @DefaultValue("3GB") DataSize memory,
        @DefaultValue("2m") Duration timeout,
        @DefaultValue("2") int maxConcurrent) {}
