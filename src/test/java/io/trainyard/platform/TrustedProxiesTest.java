package io.trainyard.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.NestedExceptionUtils;

/** Nobody but a declared proxy says who a client is. */
class TrustedProxiesTest {

    private static final String CLIENT = "203.0.113.7";
    private static final String[] FORWARDED = {
        "X-Forwarded-For: " + CLIENT,
        "X-Forwarded-Proto: https",
        "X-Forwarded-Host: trainyard.example",
        "X-Forwarded-Port: 443",
        "Forwarded: for=" + CLIENT + ";proto=https;host=trainyard.example"
    };

    @Test
    void onlyADeclaredProxyIsBelieved() throws IOException {
        try (EchoServer server = EchoServer.start("--trainyard.security.trusted-proxies=127.0.0.2,127.0.3.0/24")) {
            String asItIs = "127.0.0.1 http://trainyard:" + server.port() + "/client";
            assertThat(server.ask("127.0.0.1", FORWARDED)).endsWith(asItIs);
            assertThat(server.ask("127.0.0.2", FORWARDED)).endsWith(CLIENT + " https://trainyard.example/client");
            assertThat(server.ask("127.0.3.9", FORWARDED)).endsWith(CLIENT + " https://trainyard.example/client");
            assertThat(server.ask("127.0.0.2", "X-Forwarded-For: 198.51.100.1, " + CLIENT + ", 127.0.3.1"))
                    .as("the last that is no proxy, whatever stands before it")
                    .endsWith(CLIENT + " http://trainyard:" + server.port() + "/client");
        }
    }

    /** Where Spring Boot would believe every private address. */
    @Test
    void nobodyIsBelievedByDefaultNotEvenOnKubernetes() throws IOException {
        try (EchoServer server = EchoServer.start("--spring.main.cloud-platform=kubernetes")) {
            assertThat(server.ask("127.0.0.1", FORWARDED))
                    .endsWith("127.0.0.1 http://trainyard:" + server.port() + "/client");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.0.0.0/33", "10.0.0.300", "proxy.example", "10.0.0.0/8;10.1.0.1", ".*", "10", "fd00::/129"})
    void anythingElseThanAnAddressStopsTheStartAndIsNamed(String range) {
        assertThatThrownBy(() -> EchoServer.start("--trainyard.security.trusted-proxies=" + range))
                .extracting(failure ->
                        NestedExceptionUtils.getMostSpecificCause(failure).getMessage())
                .asString()
                .contains("trainyard.security.trusted-proxies", range);
    }
}
