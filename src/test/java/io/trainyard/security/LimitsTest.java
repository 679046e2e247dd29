package io.trainyard.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.SecuredService;
import io.trainyard.Service;
import io.trainyard.access.Actor;
import io.trainyard.access.Role;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** No key, address or owner takes more of the service than its share; each is told when to come again. */
class LimitsTest {

    private static final SecuredService service = SecuredService.shared();

    @Test
    void keyThatSendsTooManyRequestsWaitsAndOthersDoNot() {
        String slow = service.make(
                        "{\"name\": \"slow\", \"role\": \"viewer\", \"owner\": \"fay\", \"requests_per_second\": 1}")
                .get("key")
                .stringValue();
        List<HttpResponse<String>> answers = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            answers.add(service.get("/api/v1/jobs", slow));
        }

        assertThat(answers.get(0).statusCode()).isEqualTo(200);
        HttpResponse<String> refused = answers.stream()
                .filter(answer -> answer.statusCode() == 429)
                .findFirst()
                .orElseThrow();
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(Service.json(refused).get("type").stringValue()).isEqualTo("/problems/rate-limited");
        assertThat(service.get("/api/v1/jobs", service.key("viewer", "fay")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void addressThatSendsTooManyBadKeysWaitsAndItsNeighboursDoNot() {
        Limits limits = new Limits(new LimitProperties(10, 3));
        for (int i = 0; i < 3; i++) {
            assertThat(limits.blocked("192.0.2.1")).isEmpty();
            limits.failure("192.0.2.1");
            limits.failure("2001:db8:1:2::" + i);
        }

        assertThat(limits.blocked("192.0.2.1")).isPresent();
        assertThat(limits.blocked("192.0.2.2")).isEmpty();
        // Of IPv6 it is the network.
        assertThat(limits.blocked("2001:db8:1:2::ffff")).isPresent();
        assertThat(limits.blocked("2001:db8:1:3::1")).isEmpty();
    }

    @Test
    void keysHaveRatesOfTheirOwn() {
        Limits limits = new Limits(new LimitProperties(1, 3));
        Actor usual = new Actor("a", "a", Role.VIEWER, false, "a", null, 0);
        Actor fast = new Actor("b", "b", Role.VIEWER, false, "b", null, 1000);

        assertThat(limits.request(usual)).isEmpty();
        assertThat(limits.request(usual)).isEmpty();
        assertThat(limits.request(usual)).isPresent();
        for (int i = 0; i < 100; i++) {
            assertThat(limits.request(fast)).isEmpty();
        }
    }

    @Test
    void ownerQueuesNoMoreJobsThanOneMay() {
        String key = service.key("trainer", "gil");
        List<HttpResponse<String>> answers = new ArrayList<>();
        // The one worker takes some of them.
        for (int i = 0; i < 12; i++) {
            answers.add(service.send("POST", "/api/v1/jobs", key, Service.irisJob("gils", 200)));
        }

        HttpResponse<String> refused = answers.stream()
                .filter(answer -> answer.statusCode() == 429)
                .findFirst()
                .orElseThrow();
        assertThat(Service.json(refused).get("type").stringValue()).isEqualTo("/problems/quota-exceeded");
        assertThat(service.send("POST", "/api/v1/jobs", service.key("trainer", "hal"), Service.irisJob("hals", 1))
                        .statusCode())
                .isEqualTo(202);
        answers.stream()
                .filter(answer -> answer.statusCode() == 202)
                .forEach(answer -> service.send(
                        "POST", "/api/v1/jobs/" + Service.json(answer).get("id").stringValue() + "/cancel", key, null));
    }
}
