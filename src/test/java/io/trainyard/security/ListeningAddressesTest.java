package io.trainyard.security;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** A service that asks nobody who they are is started on this machine's loopback alone. */
class ListeningAddressesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "server.address=0.0.0.0",
                "server.address=::",
                "server.address=[::]",
                "server.address=",
                "server.address=192.0.2.7",
                "server.address=2001:db8::1",
                "server.address=::ffff:192.0.2.7",
                "server.address=no-such-host.invalid",
                "server.address=127.0.0.1,management.server.port=9000,management.server.address=0.0.0.0",
                "server.address=127.0.0.1,management.server.port=9000",
                "server.address=127.0.0.1,spring.grpc.server.enabled=true,spring.grpc.server.address=*",
                "server.address=127.0.0.1,spring.grpc.server.enabled=true,spring.grpc.server.address=::",
                "server.address=0.0.0.0,trainyard.security.authentication=none",
                "server.address=0.0.0.0,trainyard.security.authentication=",
            })
    void anAddressThatOthersReachIsRefused(String settings) {
        assertThatThrownBy(() -> start(settings))
                .isInstanceOf(OpenToOthersException.class)
                .hasMessageContaining("address");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "server.address=127.0.0.1",
                "server.address=127.8.8.8",
                "server.address=::1",
                "server.address=[::1]",
                "server.address=localhost",
                "server.address=127.0.0.1,spring.grpc.server.enabled=true,spring.grpc.server.address=127.0.0.1",
                "server.address=0.0.0.0,trainyard.security.authentication=required",
                "server.address=::,trainyard.security.authentication=REQUIRED",
            })
    void loopbackIsNotNorIsAnAddressWhereKeysAreAskedFor(String settings) {
        assertThatCode(() -> start(settings)).doesNotThrowAnyException();
    }

    /** However the role is written: what is not surely another's listens. */
    @ParameterizedTest
    @ValueSource(strings = {"api", "API", "api ", "api,", "", "worker ", "x"})
    void theRoleIsTakenForTheOneThatListens(String role) {
        assertThatThrownBy(() -> start("trainyard.role", role)).isInstanceOf(OpenToOthersException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"worker", "backup", "restore", "keys"})
    void rolesThatListenToNobodyStart(String role) {
        assertThatCode(() -> start("trainyard.role", role)).doesNotThrowAnyException();
    }

    private static void start(String name, String value) {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource("given", Map.of(name, value, "server.address", "0.0.0.0")));
        new ListeningAddresses().postProcessEnvironment(environment, new SpringApplication());
    }

    private static void start(String settings) {
        StandardEnvironment environment = new StandardEnvironment();
        Map<String, Object> given = Arrays.stream(("trainyard.role=api," + settings).split(","))
                .map(setting -> setting.split("=", 2))
                .collect(Collectors.toMap(setting -> setting[0], setting -> setting[1]));
        environment.getPropertySources().addFirst(new MapPropertySource("given", given));
        new ListeningAddresses().postProcessEnvironment(environment, new SpringApplication());
    }
}
