package io.trainyard.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.SecuredService;
import io.trainyard.Service;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Who changes something, or is refused, is written down for good. */
class AuditTest {

    private static final SecuredService service = SecuredService.shared();

    @Test
    void whatIsChangedAndWhatIsRefusedIsWrittenDown() {
        String trainer = service.key("trainer", "ivy");
        HttpResponse<String> made = service.send("POST", "/api/v1/jobs", trainer, Service.irisJob("ivys", 1));
        HttpResponse<String> refused = service.send("POST", "/api/v1/keys", trainer, "{}");
        HttpResponse<String> unknown = service.get("/api/v1/jobs", null);
        HttpResponse<String> bad = service.send("POST", "/api/v1/jobs", trainer, "{");

        JsonNode event = event(made);
        assertThat(event.get("actor").stringValue()).isEqualTo("trainer of ivy");
        assertThat(event.get("owner").stringValue()).isEqualTo("ivy");
        assertThat(event.get("role").stringValue()).isEqualTo("trainer");
        assertThat(event.get("credential").stringValue()).isEqualTo(trainer.substring(3, 11));
        assertThat(event.get("action").stringValue()).isEqualTo("POST /api/v1/jobs");
        assertThat(event.get("outcome").stringValue()).isEqualTo("done");
        assertThat(event.get("status").intValue()).isEqualTo(202);
        assertThat(event.get("address").stringValue()).isIn("127.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(event(refused).get("outcome").stringValue()).isEqualTo("refused");
        assertThat(event(unknown).get("actor").stringValue()).isEqualTo("anonymous");
        assertThat(event(bad).get("outcome").stringValue()).isEqualTo("failed");
    }

    @Test
    void readingAndPredictingAreNot() {
        String viewer = service.key("viewer", "ivy");

        HttpResponse<String> read = service.get("/api/v1/jobs", viewer);

        assertThat(events().stream().map(AuditTest::request)).doesNotContain(id(read));
    }

    @Test
    void eventsAreFoundByWhoByWhatAndByOutcome() {
        service.send("POST", "/api/v1/keys", service.key("viewer", "jo"), "{}");

        JsonNode found = Service.json(service.get(
                "/api/v1/audit?actor=viewer%20of%20jo&action=/keys&outcome=refused&limit=1", service.adminKey()));

        assertThat(found.get("items")).hasSize(1);
        assertThat(found.at("/items/0/action").stringValue()).isEqualTo("POST /api/v1/keys");
        assertThat(service.get("/api/v1/audit?outcome=done&actor=nobody", service.adminKey())
                        .body())
                .isEqualTo("{\"items\":[]}");
    }

    /** What the program itself could not, a fault of it, or of whoever has taken it over, cannot. */
    @Test
    void theProgramsOwnDatabaseRoleCannotChangeIt() {
        JdbcClient jdbc = Service.shared().bean(JdbcClient.class);
        for (String statement : List.of(
                "update audit_event set actor = 'nobody'",
                "delete from audit_event",
                "truncate audit_event",
                "drop table audit_event",
                "alter table audit_event add column x integer")) {
            assertThatThrownBy(() -> jdbc.sql(statement).update())
                    .as(statement)
                    .isInstanceOf(DataAccessException.class);
        }
    }

    private static List<JsonNode> events() {
        return Service.json(service.get("/api/v1/audit?limit=500", service.adminKey()))
                .get("items")
                .valueStream()
                .toList();
    }

    private static JsonNode event(HttpResponse<String> answer) {
        return events().stream()
                .filter(event -> request(event).equals(id(answer)))
                .findFirst()
                .orElseThrow();
    }

    private static String request(JsonNode event) {
        return event.get("request_id").stringValue();
    }

    private static String id(HttpResponse<String> answer) {
        return answer.headers().firstValue("X-Request-Id").orElseThrow();
    }
}
