package io.trainyard.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.Multipart;
import io.trainyard.Service;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What somebody has stored is text on every page, and never becomes a part of it. */
class MarkupTest {

    private static final Service service = Service.shared();
    private static final String MARK = "<img src=x onerror=alert(1)>";
    private static final String TABLE =
            "<b>width</b>,height,kind\n" + "1,2,<i>small</i>\n".repeat(8) + "7,9,<i>large</i>\n".repeat(8);

    @Test
    void storedTextIsNoMarkup() {
        HttpResponse<String> dataset =
                service.send(HttpRequest.newBuilder(service.uri("/api/v1/datasets/marked/versions"))
                        .header("Content-Type", Multipart.TYPE)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(Multipart.body(
                                "{'format': 'csv', 'label': 'kind', 'description': '" + MARK + "'}",
                                Map.of("train", TABLE.getBytes(StandardCharsets.UTF_8)),
                                MARK.replace("/", "") + ".csv"))));
        assertThat(dataset.statusCode()).as(dataset.body()).isEqualTo(201);
        String job = service.submit("""
                {"model": "marked", "dataset": "marked", "labels": {"team": "%1$s"},
                 "network": {"layers": [{"type": "dense", "units": 2, "activation": "softmax"}]},
                 "training": {"epochs": 1}}""".formatted(MARK));
        service.await(job, "SUCCEEDED");
        HttpResponse<String> described = service.send(HttpRequest.newBuilder(service.uri("/api/v1/models/marked"))
                .header("Content-Type", "application/json")
                .method(
                        "PATCH",
                        HttpRequest.BodyPublishers.ofString(
                                "{\"description\": \"%1$s\", \"tags\": {\"team\": \"%1$s\"}}".formatted(MARK))));
        assertThat(described.statusCode()).as(described.body()).isEqualTo(200);

        for (String page : List.of(
                "/jobs",
                "/jobs?label=team=" + "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E",
                "/jobs/" + job,
                "/jobs/" + job + "/log",
                "/jobs/new?from=" + job,
                "/jobs/compare?id=" + job,
                "/models",
                "/models/marked",
                "/models/marked/versions/1",
                "/try?model=marked",
                "/datasets",
                "/datasets/marked",
                "/datasets/marked/versions/1",
                "/audit?actor=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")) {
            HttpResponse<String> answer = service.get(page);

            assertThat(answer.statusCode()).as(page).isEqualTo(200);
            assertThat(answer.body()).as(page).doesNotContain("<img src=x", "<b>width", "<i>small");
        }
    }
}
