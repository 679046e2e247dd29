package io.trainyard.platform;

import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** A worker serves nothing, whatever settings it shares with the API. */
class WorkerEnvironment implements EnvironmentPostProcessor, Ordered {

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        if (!"api".equalsIgnoreCase(environment.getProperty("trainyard.role"))) {
            environment
                    .getPropertySources()
                    .addFirst(new MapPropertySource("worker", Map.of("spring.grpc.server.enabled", "false")));
        }
    }

    /** After the configuration files were read. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
