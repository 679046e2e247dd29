package io.trainyard.platform;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings {@code trainyard.workers.*}.
 *
 * @param local worker processes that the API process starts; 0 in a cluster, where workers are started on their own; by default
 *     one for each GPU that they can use, else one
 * @param threads inside one operation of a local worker, at most; by default the machine's cores, shared among the workers
 * @param jvmOptions of a local worker
 */
@ConfigurationProperties("trainyard.workers")
record WorkerProperties(
        @Nullable Integer local,
        @Nullable Integer threads,
        @DefaultValue("-Xmx2g") List<String> jvmOptions) {}
