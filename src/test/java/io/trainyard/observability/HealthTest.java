package io.trainyard.observability;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.Service;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Each health says what it stands for, and no more. */
class HealthTest {

    private static final Service SERVICE = Service.shared();

    @Test
    void trainingIsWellWhileDatabaseStoreAndWorkersAre() {
        JsonNode health = Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> Service.json(SERVICE.get("/actuator/health/training")), found -> found.at(
                                "/components/workers/status")
                        .asString()
                        .equals("UP"));
        assertThat(health.at("/status").stringValue()).isEqualTo("UP");
        assertThat(health.get("components").propertyNames()).containsExactlyInAnyOrder("db", "store", "workers");
        assertThat(health.at("/components/workers/details/alive").intValue()).isEqualTo(1);
        assertThat(health.at("/components/store/details/writable").booleanValue())
                .isTrue();
    }

    /** They are open to all. */
    @Test
    void livenessAndReadinessSayOneWord() {
        for (String probe : new String[] {"liveness", "readiness"}) {
            HttpResponse<String> answer = SERVICE.get("/actuator/health/" + probe);
            assertThat(answer.body()).isEqualTo("{\"status\":\"UP\"}");
        }
    }
}
