package io.trainyard.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

@ExtendWith(OutputCaptureExtension.class)
class UnknownSettingsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "trainyard.trainig.max-queued",
                "trainyard.training.max-queud",
                "trainyard.workers.jvm-option[0]",
                "trainyard.serving.target-p99-off.mnist",
                "trainyard.serving"
            })
    void aNameThatNothingReadsStopsTheStart(String name) {
        assertThatThrownBy(() -> check(new MapPropertySource("the command line", Map.of(name, "1"))))
                .isInstanceOf(UnknownSettingException.class)
                .hasMessage("No setting is called " + name + " (the command line).");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "trainyard.training.max-queued",
                "trainyard.training.maxQueued",
                "trainyard.workers.jvm-options[1]",
                "trainyard.serving.target-p99-of.mnist",
                "trainyard.worker.supervised",
                "somebody.elses"
            })
    void aNameThatIsReadIsLeftAlone(String name, CapturedOutput output) {
        check(new MapPropertySource("the command line", Map.of(name, "1")));
        assertThat(output).doesNotContain("No setting");
    }

    @Test
    void anUnknownVariableIsWarnedOfSinceOthersHaveNamesLikeOurs(CapturedOutput output) {
        check(variables("TRAINYARD_TRAINING_MAX_QUEUD"));
        assertThat(output).contains("No setting is called TRAINYARD_TRAINING_MAX_QUEUD: it is ignored.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TRAINYARD_TRAINING_MAX_QUEUED",
                "TRAINYARD_TRAINING_MAXQUEUED",
                "TRAINYARD_WORKERS_JVM_OPTIONS_0",
                "TRAINYARD_SECURITY_AUTHENTICATION_FILE",
                "TRAINYARD_SERVICE_HOST",
                "TRAINYARD_API_SERVICE_PORT_HTTP",
                "TRAINYARD_PORT",
                "TRAINYARD_PORT_8080_TCP_ADDR"
            })
    void aKnownVariableAndThoseOfKubernetesAreNot(String name, CapturedOutput output) {
        check(variables(name));
        assertThat(output).doesNotContain("No setting");
    }

    private static PropertySource<?> variables(String name) {
        return new SystemEnvironmentPropertySource("variables", Map.of(name, "1"));
    }

    private static void check(PropertySource<?> settings) {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .forEach(source -> environment.getPropertySources().remove(source.getName()));
        environment.getPropertySources().addFirst(settings);
        new UnknownSettings(destination -> LogFactory.getLog(UnknownSettings.class))
                .postProcessEnvironment(environment, new SpringApplication());
    }
}
