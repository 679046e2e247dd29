package io.trainyard.observability;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Leaves all of tracing out unless there is somewhere to send traces to: Spring Boot would make spans of every request, and
 * then drop them.
 */
class TracingSwitch implements AutoConfigurationImportFilter, EnvironmentAware {

    private static final String ENDPOINT = "management.opentelemetry.tracing.export.otlp.endpoint";

    private static final List<String> TRACING =
            List.of("org.springframework.boot.micrometer.tracing.", "org.springframework.boot.opentelemetry.");

    private @Nullable Environment environment;

    @Override
    public void setEnvironment(Environment environment) {
        this.environment = environment;
    }

    @Override
    public boolean[] match(@Nullable String[] configurations, AutoConfigurationMetadata metadata) {
        boolean on = environment != null && StringUtils.hasText(environment.getProperty(ENDPOINT));
        boolean[] kept = new boolean[configurations.length];
        Arrays.fill(kept, true);
        for (int i = 0; i < kept.length; i++) {
            String name = configurations[i];
            kept[i] = on || name == null || TRACING.stream().noneMatch(name::startsWith);
        }
        return kept;
    }
}
