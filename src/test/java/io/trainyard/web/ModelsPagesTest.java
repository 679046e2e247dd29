package io.trainyard.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.ColorScheme;
import io.trainyard.Multipart;
import io.trainyard.Service;
import io.trainyard.artifact.Artifacts;
import io.trainyard.artifact.Reference;
import io.trainyard.dataset.Datasets;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** People see versions as they are and what they get wrong, and move aliases between them. */
class ModelsPagesTest {

    private static final Service SERVICE = Service.shared();
    private static final String DIGITS = "page-digits";
    private static final String HOSTILE = "<img src=x onerror=alert(1)>'\"</textarea><script>alert(1)</script>";

    @BeforeAll
    static void trainsTwoVersions() {
        List<String> jobs = IntStream.of(1, 3)
                .mapToObj(epochs -> SERVICE.submit("""
                        {"model": "%s", "dataset": "digits", "network": {"layers": [
                           {"type": "flatten"}, {"type": "dense", "units": 10, "activation": "softmax"}]},
                         "training": {"epochs": %d, "seed": 3, "optimizer": {"type": "adam", "learning_rate": 0.01}}}
                        """.formatted(DIGITS, epochs)))
                .toList();
        jobs.forEach(job -> SERVICE.await(job, "SUCCEEDED"));
    }

    @Test
    void mistakesArePicturesAndAllNumbersAreTheApis() {
        String api = "/api/v1/models/" + DIGITS + "/versions/2";
        JsonNode version = get(api);
        JsonNode evaluation = get(api + "/evaluation");
        JsonNode worst = evaluation.at("/mistakes/0");
        try (Visit visit = Browser.visit("/models/" + DIGITS + "/versions/2")) {
            visit.see("dt:text-is('val_accuracy') + dd", percent(version.at("/metrics/val_accuracy")));
            visit.see("dl.facts", "650");
            Locator first = visit.find(".mistakes figure").first();
            String image = get("/api/v1/datasets/digits/versions/1/rows?images=true&limit=1&offset="
                            + worst.get("row").intValue())
                    .at("/items/0/image")
                    .stringValue();
            assertThat(first.locator("img").getAttribute("src"))
                    .isEqualTo(image)
                    .startsWith("data:image/png;base64,");
            assertThat(first.locator(".wrong").textContent())
                    .contains(worst.get("predicted").stringValue());
            assertThat(first.textContent())
                    .contains(worst.get("label").stringValue())
                    .contains(percent(worst.get("probability")));
            assertThat(visit.find(".mistakes figure").count())
                    .isEqualTo(evaluation.get("mistakes").size());

            JsonNode matrix = evaluation.get("confusion_matrix");
            List<String> cells = visit.find(".confusion tbody td").allTextContents();
            assertThat(cells)
                    .isEqualTo(matrix.valueStream()
                            .flatMap(JsonNode::valueStream)
                            .map(JsonNode::asString)
                            .toList());
            assertThat(visit.find("#classes tbody tr").count()).isEqualTo(10);
            assertThat(visit.find("#classes tbody tr").first().textContent())
                    .contains(percent(evaluation.at("/classes/0/precision")))
                    .contains(percent(evaluation.at("/classes/0/f1")));
            assertThat(visit.find(".pairs li").first().textContent()).containsPattern("\\d taken for \\d: ");
            assertThat(visit.find("#evaluation + .columns").textContent())
                    .contains(percent(evaluation.at("/calibration/expected_calibration_error")));
            assertThat(visit.find(".reliability circle").count()).isEqualTo((int) evaluation
                    .at("/calibration/bins")
                    .valueStream()
                    .filter(bin -> bin.get("rows").intValue() > 0)
                    .count());
            assertThat(visit.find("#lineage").textContent())
                    .contains(version.at("/lineage/dataset/sha256").stringValue())
                    .contains(version.at("/lineage/job_id").stringValue())
                    .contains(version.at("/artifact/sha256").stringValue());
            assertThat(visit.find("#layers tbody tr").count()).isEqualTo(2);
            assertThat(visit.find("#call").textContent()).contains("/predict?model=" + DIGITS + "&version=2");
        }
    }

    @Test
    void rowsOfTablesAreShownByTheirColumns() {
        train("page-flowers");
        JsonNode worst =
                get("/api/v1/models/page-flowers/versions/1/evaluation").at("/mistakes/0");
        try (Visit visit = Browser.visit("/models/page-flowers/versions/1")) {
            visit.see("#evaluation th", "petal_length");
            assertThat(visit.find("#evaluation tbody tr").first().textContent())
                    .contains(worst.get("label").stringValue())
                    .contains(percent(worst.get("probability")));
            assertThat(visit.find("#call").textContent()).contains("\"petal_length\":");
        }
    }

    @Test
    void missesOfNumbersAreToldWithTheirErrors() {
        SERVICE.await(SERVICE.submit("""
                        {"model": "page-number", "dataset": "friedman1", "training": {"epochs": 1, "metrics": ["mae"]},
                         "network": {"layers": [{"type": "dense", "units": 4, "activation": "relu"}, {"type": "dense", "units": 1}]}}
                        """), "SUCCEEDED");
        JsonNode worst = get("/api/v1/models/page-number/versions/1/evaluation").at("/worst/0");
        try (Visit visit = Browser.visit("/models/page-number/versions/1")) {
            visit.see("h2", "Where it is furthest off");
            assertThat(visit.find("#evaluation tbody tr").first().textContent())
                    .contains(String.format(
                            Locale.ROOT, "%.4g", worst.get("target").doubleValue()))
                    .contains(String.format(
                            Locale.ROOT, "%.4g", worst.get("predicted").doubleValue()));
            assertThat(visit.find("#call").textContent()).contains("\"x10\":");
        }
    }

    @Test
    void anAliasIsMadeMovedRolledBackAndRemovedFromThePage() {
        try (Visit visit = Browser.visit("/models/" + DIGITS)) {
            visit.find("input[name=alias]:visible").fill("production");
            visit.find("select[aria-label='Version for the new alias']").selectOption("1");
            visit.button("Make").click();
            visit.see("[data-alias=production] h3", "→ version 1");
            visit.see("[data-version='1'] .pill", "production");

            visit.find("[data-alias=production] select").selectOption("2");
            visit.button("Move production").click();
            visit.see("[data-alias=production] h3", "→ version 2");
            assertThat(alias("production")).isEqualTo(2);

            visit.button("Roll production back to version 1").click();
            visit.see("[data-alias=production] h3", "→ version 1");
            assertThat(alias("production")).isEqualTo(1);

            visit.find("[data-alias=production] summary").click();
            visit.see("[data-alias=production] li", "from version 2 to version 1");
            visit.see("[data-alias=production] li", "made, at version 1");

            visit.page().onDialog(dialog -> dialog.accept());
            visit.button("Remove production").click();
            visit.see("body:not(:has([data-alias=production]))", "Aliases");
            assertThat(SERVICE.get("/api/v1/models/" + DIGITS + "/aliases/production")
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void whoComesTooLateToMoveAnAliasIsTold() {
        point("raced", "{\"version\": 1}");
        try (Visit visit = Browser.visit("/models/" + DIGITS).expect("status of 409")) {
            point("raced", "{\"version\": 2}");
            visit.find("[data-alias=raced] select").selectOption("2");
            visit.button("Move raced").click();
            visit.see("#announcements", "Alias 'raced' points at version 2, but expected_version is 1.");
            visit.see("[data-alias=raced] h3", "→ version 2");
            visit.see("#announcements", "Alias moved");
        }
    }

    @Test
    void theRolloutBehindAnAliasIsShown() {
        point("rolled", "{\"version\": 1}");
        put("/api/v1/models/" + DIGITS + "/aliases/rolled/rollout", """
                {"candidate": 2, "mode": "canary", "weight": 0.25}""");
        try (Visit visit = Browser.visit("/models/" + DIGITS)) {
            visit.see("[data-alias=rolled] .rollout", "Version 2 answers 25.00% of the requests");
            visit.see("[data-version='2'] .pill", "candidate for rolled");
        }
    }

    @Test
    void aVersionThatIsInUseIsNotDeletedAndAnotherIs() {
        train("page-deleted");
        train("page-deleted");
        put("/api/v1/models/page-deleted/aliases/kept", "{\"version\": 1}");
        try (Visit visit = Browser.visit("/models/page-deleted").expect("409")) {
            visit.page().onDialog(dialog -> dialog.accept());
            visit.button("Delete version 1").click();
            visit.see("#announcements", "is what kept points at: move or remove the alias first.");
            visit.button("Delete version 2").click();
            visit.see("#versions:not(:has([data-version='2']))", "version 1");
            assertThat(get("/api/v1/models/page-deleted").get("versions")).hasSize(1);
        }
    }

    @Test
    void aButtonWorksFromTheMomentItIsSeen() {
        train("page-quick");
        train("page-quick");
        try (Visit visit = Browser.visit("/models/page-quick")) {
            visit.page().onDialog(dialog -> dialog.accept());
            visit.page().evaluate("""
                    () => new MutationObserver((seen, observer) => {
                      observer.disconnect();
                      document.querySelector('[aria-label="Delete version 2"]').click();
                    }).observe(document.querySelector('#model'), { childList: true })""");
            visit.button("Delete version 1").click();
            visit.see("#model", "All its versions have been deleted");
        }
    }

    @Test
    void aVersionIsLoadedAndUnloaded() {
        train("page-loaded");
        try (Visit visit = Browser.visit("/models/page-loaded/versions/1")) {
            visit.button("Load").click();
            visit.see("#loaded", "loaded");
            visit.button("Unload").click();
            visit.see("#loaded", "when asked for");
        }
    }

    @Test
    void whatPeopleSayIsText() {
        train("page-hostile");
        try (Visit visit = Browser.visit("/models/page-hostile")) {
            visit.see("summary", "Describe it").click();
            visit.find("textarea").fill(HOSTILE);
            visit.button("Save").click();
            visit.see("#description", HOSTILE);
            assertThat(get("/api/v1/models/page-hostile").get("description").stringValue())
                    .isEqualTo(HOSTILE);
            visit.go("/models/page-hostile");
            visit.see("#description", HOSTILE);
            assertThat(visit.find("textarea").inputValue()).isEqualTo(HOSTILE);
            assertThat(visit.find("img[src=x]").count()).isZero();
            visit.go("/models?cursor=page-hostilc");
            visit.see("[data-model=page-hostile] .said", HOSTILE);
            assertThat(visit.find("img[src=x]").count()).isZero();
        }
    }

    @Test
    void aVersionWhoseDataAreDamagedShowsAllElse() throws IOException {
        StringBuilder table = new StringBuilder("x,y\n");
        for (int i = 0; i < 200; i++) {
            table.append(i * 7 % 31).append(i % 3 == 0 ? ",a\n" : ",b\n");
        }
        HttpResponse<String> added =
                SERVICE.send(HttpRequest.newBuilder(SERVICE.uri("/api/v1/datasets/page-damaged/versions"))
                        .header("Content-Type", Multipart.TYPE)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(Multipart.body(
                                "{'format': 'csv', 'label': 'y'}",
                                Map.of("train", table.toString().getBytes(StandardCharsets.UTF_8)),
                                ".csv"))));
        assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
        SERVICE.await(SERVICE.submit("""
                        {"model": "page-damaged", "dataset": "page-damaged", "training": {"epochs": 1},
                         "network": {"layers": [{"type": "dense", "units": 2, "activation": "softmax"}]}}
                        """), "SUCCEEDED");
        for (Reference file : SERVICE.bean(Datasets.class).references()) {
            if (file.owner().equals("dataset page-damaged version 1")) {
                Path path = SERVICE.bean(Artifacts.class).dir().resolve(file.path());
                Files.setPosixFilePermissions(
                        path, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
                Files.writeString(path, "damaged");
            }
        }
        try (Visit visit = Browser.visit("/models/page-damaged/versions/1")) {
            visit.see("#no-rows", "page-damaged version 1 cannot be read");
            visit.see("h2", "Confusion matrix");
            visit.see("#lineage", "page-damaged version 1");
            assertThat(visit.find("#evaluation tbody tr").count()).isPositive();
        }
    }

    @Test
    void anImportSaysThatItHasNoEvaluation() throws IOException, InterruptedException {
        train("page-import");
        byte[] weights = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(SERVICE.uri("/api/v1/models/page-import/versions/1/artifact"))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray())
                .body();
        HttpResponse<String> imported = SERVICE.send(HttpRequest.newBuilder(
                        SERVICE.uri("/api/v1/models/page-import/versions"))
                .header("Content-Type", Multipart.TYPE)
                .POST(HttpRequest.BodyPublishers.ofByteArray(Multipart.body(null, Map.of("file", weights), ".zip"))));
        assertThat(imported.statusCode()).as(imported.body()).isEqualTo(201);
        try (Visit visit = Browser.visit("/models/page-import/versions/2")) {
            visit.see("#evaluation", "This version was imported and has not been evaluated here.");
            visit.see("#lineage", "The file file.zip");
            visit.see("#call", "/predict");
            visit.go("/models/page-import");
            visit.see("[data-version='2']", "imported: file.zip");
        }
    }

    @Test
    void everybodyCanUseThemOnATelephoneAndInTheDark() {
        point("reached", "{\"version\": 1}");
        NewContextOptions dark =
                new NewContextOptions().setViewportSize(390, 800).setColorScheme(ColorScheme.DARK);
        for (String path : List.of("/models", "/models/" + DIGITS, "/models/" + DIGITS + "/versions/1")) {
            for (NewContextOptions options : List.of(new NewContextOptions(), dark)) {
                try (Visit visit = Browser.visit(path, options).expect("willReadFrequently")) {
                    assertThat(visit.accessibilityFaults()).as(path).isEmpty();
                    assertThat(visit.page().evaluate("document.documentElement.scrollWidth - innerWidth"))
                            .as(path)
                            .isEqualTo(0);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/models/nothing,404,There is no model 'nothing'.",
        "/models/nothing/versions/1,404,There is no model version 'nothing/1'.",
        "/models/page-digits/versions/-1,404,There is no model version",
        "/models/page-digits/versions/99999999999,400,cannot be read as number",
        "/models/page-digits/versions/1e3,400,cannot be read as number",
        "/models/page-digits/aliases/none/history,404,There is no alias",
        "/models/%00,400,''",
        "/models?cursor=%00,404,There is nothing of that name.",
        "/models/%3Cscript%3E,404,&lt;script&gt;",
    })
    void whatIsNotThereIsAPageInWords(String path, int status, String words) {
        HttpResponse<String> answer =
                SERVICE.send(HttpRequest.newBuilder(SERVICE.uri(path)).header("Accept", "text/html"));
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body().replace("&#39;", "'")).contains(words).doesNotContain("<script>");
    }

    private static void train(String model) {
        SERVICE.await(SERVICE.submit(Service.irisJob(model, 3)), "SUCCEEDED");
    }

    private static JsonNode get(String path) {
        return Service.json(SERVICE.get(path));
    }

    private static int alias(String alias) {
        return get("/api/v1/models/" + DIGITS + "/aliases/" + alias)
                .get("version")
                .intValue();
    }

    private static void point(String alias, String request) {
        put("/api/v1/models/" + DIGITS + "/aliases/" + alias, request);
    }

    private static void put(String path, String body) {
        HttpResponse<String> answer = SERVICE.send(HttpRequest.newBuilder(SERVICE.uri(path))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static String percent(JsonNode share) {
        return String.format(Locale.ROOT, "%.2f%%", 100 * share.doubleValue());
    }
}
