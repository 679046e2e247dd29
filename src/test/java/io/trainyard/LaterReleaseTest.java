package io.trainyard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** New fields that a later release writes into rows do not keep this one from showing them: both run while the one replaces the other. */
class LaterReleaseTest {

    private static final Service SERVICE = Service.shared();
    private static final List<Field> WRITTEN = List.of(
            new Field("job", "model = 'later'", "spec", "{later}"),
            new Field("job", "model = 'later'", "spec", "{training,later}"),
            new Field("model_version", "model = 'later'", "evaluation", "{later}"),
            new Field("dataset_version", "name = 'later'", "provenance", "{later}"),
            new Field("dataset_version", "name = 'later'", "provenance", "{spec,later}"),
            new Field("dataset_version", "name = 'later'", "statistics", "{later}"),
            new Field("worker", "id = (select id from worker order by seen_at desc limit 1)", "device", "{later}"),
            new Field("reconciliation", "id = (select max(id) from reconciliation)", "report", "{later}"),
            new Field("reconciliation", "id = (select max(id) from reconciliation)", "report", "{store,later}"));

    private record Field(String table, String where, String column, String path) {}

    private static String job;

    @BeforeAll
    static void aLaterReleaseHasWritten() {
        String rows = IntStream.range(0, 40)
                .mapToObj(i -> i + (i % 2 == 0 ? ",x\n" : ",y\n"))
                .collect(Collectors.joining("", "a,kind\n", ""));
        HttpResponse<String> uploaded =
                SERVICE.send(HttpRequest.newBuilder(SERVICE.uri("/api/v1/datasets/later/versions"))
                        .header("Content-Type", Multipart.TYPE)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(Multipart.body(
                                "{\"format\": \"csv\", \"label\": \"kind\"}",
                                Map.of("train", rows.getBytes(StandardCharsets.UTF_8)),
                                ".csv"))));
        assertThat(uploaded.statusCode()).as(uploaded.body()).isEqualTo(201);
        job = SERVICE.submit(Service.irisJob("later", 2));
        SERVICE.await(job, "SUCCEEDED");
        WRITTEN.forEach(field -> change(field, "jsonb_set(%s, '%s', 'true')"));
    }

    /** Others go on with the service. */
    @AfterAll
    static void itIsTakenBack() {
        WRITTEN.forEach(field -> change(field, "%s #- '%s'"));
    }

    private static void change(Field field, String change) {
        String value = change.formatted(field.column(), field.path());
        int rows = SERVICE.bean(JdbcClient.class)
                .sql("update %s set %s = %s where %s".formatted(field.table(), field.column(), value, field.where()))
                .update();
        assertThat(rows).as(field.toString()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/jobs",
                "/api/v1/jobs/JOB",
                "/api/v1/models",
                "/api/v1/models/later",
                "/api/v1/models/later/versions/1",
                "/api/v1/models/later/versions/1/evaluation",
                "/api/v1/datasets",
                "/api/v1/datasets/later",
                "/api/v1/datasets/later/versions/1",
                "/jobs",
                "/jobs/JOB",
                "/models/later",
                "/api/v1/jobs/JOB/diagnosis",
                "/api/v1/workers",
                "/api/v1/admin/reconciliation"
            })
    void itIsShown(String path) {
        assertThat(SERVICE.get(path.replace("JOB", job)).statusCode()).isEqualTo(200);
    }

    /** A copy would train without what is not known here. */
    @Test
    void itIsNotCopied() {
        HttpResponse<String> answer = SERVICE.get("/jobs/new?from=" + job);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("settings of a later release");
    }
}
