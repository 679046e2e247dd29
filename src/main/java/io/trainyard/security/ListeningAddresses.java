package io.trainyard.security;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.lang3.StringUtils;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Before anything is started: a service that asks nobody who they are listens on this machine's loopback alone, by IPv4 and by
 * IPv6, on all of its ports.
 */
class ListeningAddresses implements EnvironmentPostProcessor, Ordered {

    private static final String REQUIRED = "required";

    /** Roles, in the one way of writing them that is sure to mean them. */
    private static final Set<String> LISTENING_TO_NOBODY = Set.of("worker", "backup", "restore", "keys");

    /** A port that is none. */
    private static final String OFF = "-1";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        if (LISTENING_TO_NOBODY.contains(environment.getProperty("trainyard.role", ""))
                || REQUIRED.equals(StringUtils.lowerCase(
                        environment.getProperty("trainyard.security.authentication", ""), Locale.ROOT))) {
            return;
        }
        check(environment, "server.address");
        if (!environment.getProperty("management.server.port", OFF).equals(OFF)) {
            check(environment, "management.server.address");
        }
        if (environment.getProperty("spring.grpc.server.enabled", Boolean.class, false)) {
            check(environment, "spring.grpc.server.address");
        }
    }

    private static void check(ConfigurableEnvironment environment, String setting) {
        String address = environment.getProperty(setting, "");
        if (!isLoopback(address)) {
            throw new OpenToOthersException(setting, address.isBlank() ? "not set: every address" : address);
        }
    }

    private static boolean isLoopback(String address) {
        if (address.isBlank()) {
            return false;
        }
        try {
            for (InetAddress each : InetAddress.getAllByName(address.strip())) {
                if (!each.isLoopbackAddress()) {
                    return false;
                }
            }
            return true;
        } catch (UnknownHostException unknown) {
            return false;
        }
    }

    /** After the configuration files were read. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
