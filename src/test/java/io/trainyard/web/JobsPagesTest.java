package io.trainyard.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.WaitForSelectorState;
import io.trainyard.Service;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** People see jobs as they are, while they change. */
class JobsPagesTest {

    private static final Service SERVICE = Service.shared();

    @Test
    void curvesMoveWhileAJobRuns() {
        String id = SERVICE.submit(Service.irisJob("page-curves", 400));
        try (Visit visit = Browser.visit("/jobs/" + id)) {
            visit.await("() => Number(document.getElementById('curves').dataset.epochs) > 2");
            visit.await("() => Number(document.getElementById('curves').dataset.epochs) === 400");
            visit.see("#status", "succeeded");
            visit.see("dd a", "page-curves version 1");
            String accuracy = visit.find("dt:text-is('val_accuracy') + dd").textContent();
            double value = SERVICE.job(id).at("/result/metrics/val_accuracy").doubleValue();
            assertThat(accuracy).isEqualTo(String.format(Locale.ROOT, "%.2f%%", 100 * value));
            assertThat(visit.find(".curve canvas").count()).isEqualTo(4);
        }
    }

    @Test
    void theListIsLive() {
        try (Visit visit = Browser.visit("/jobs?model=page-live")) {
            visit.see("h2", "No such job");
            String id = SERVICE.submit(Service.irisJob("page-live", 30));
            visit.see("tr[data-job='" + id + "'] .pill", "succeeded");
            visit.see("tr[data-job='" + id + "'] td", "30/30");
        }
    }

    @Test
    void aJobIsPausedResumedAndCancelledFromItsPage() {
        String id = SERVICE.submit(Service.irisJob("page-cancel", 100_000));
        try (Visit visit = Browser.visit("/jobs/" + id)) {
            visit.see("#status", "running");
            visit.button("Pause").click();
            visit.see("#status", "paused");
            visit.button("Resume").click();
            visit.see("#status", "running");
            visit.page().onDialog(dialog -> dialog.accept());
            visit.button("Cancel").click();
            visit.see("#status", "cancelled");
            assertThat(SERVICE.job(id).get("status").stringValue()).isEqualTo("CANCELLED");
        } finally {
            SERVICE.post("/api/v1/jobs/" + id + "/cancel", "");
        }
    }

    @Test
    void tenPagesOfOneBrowserAreAllLiveOverOneConnection() {
        String id = SERVICE.submit(Service.irisJob("page-ten", 100_000));
        awaitStreams(0);
        try {
            try (Visit visit = Browser.visit("/jobs/" + id)) {
                List<Page> pages = new ArrayList<>();
                for (int i = 0; i < 9; i++) {
                    Page page = visit.newPage();
                    page.navigate(Visit.address("/jobs/" + id));
                    pages.add(page);
                }
                pages.add(visit.page());
                int drawn = SERVICE.job(id).at("/progress/epoch").intValue();
                for (Page page : pages) {
                    page.waitForFunction(
                            "drawn => Number(document.getElementById('curves').dataset.epochs) > drawn + 5", drawn);
                }
                assertThat(streams()).isEqualTo(1);
            }
            // While the job runs on.
            awaitStreams(0);
        } finally {
            SERVICE.post("/api/v1/jobs/" + id + "/cancel", "");
        }
    }

    /** Connections that were closed are found out by what is written to them, every fifteen seconds at the latest. */
    private static void awaitStreams(int count) {
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> streams() == count);
    }

    private static double streams() {
        return SERVICE.get("/actuator/prometheus")
                .body()
                .lines()
                .filter(line -> line.startsWith("trainyard_event_streams"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    @Test
    void theCurvesAreATableToo() {
        String id = SERVICE.submit(Service.irisJob("page-table", 3));
        SERVICE.await(id, "SUCCEEDED");
        try (Visit visit = Browser.visit("/jobs/" + id)) {
            visit.find("summary:text-is('Epochs as a table')").click();
            visit.see("th", "val_accuracy");
            assertThat(visit.find("#curves details tbody tr").count()).isEqualTo(3);
        }
    }

    @Test
    void errorsAreWords() {
        String id = "00000000-0000-0000-0000-000000000001";
        try (Visit visit = Browser.visit("/jobs/" + id).expect("status of 404")) {
            visit.see("h1", "Not found");
            visit.see("p", "There is no job '" + id + "'.");
        }
        try (Visit visit = Browser.visit("/jobs/nonsense").expect("status of 400")) {
            visit.see("p", "'nonsense' cannot be read as id");
        }
        try (Visit visit = Browser.visit("/no/such/page").expect("status of 404")) {
            visit.see("h1", "Not found");
        }
    }

    @Test
    void thoseWhoAskForNoPageGetProblems() {
        assertThat(SERVICE.send(HttpRequest.newBuilder(SERVICE.uri("/no/such/page")))
                        .headers()
                        .firstValue("Content-Type"))
                .hasValue("application/problem+json");
        assertThat(SERVICE.send(HttpRequest.newBuilder(SERVICE.uri("/api/v1/jobs/nonsense"))
                                .header("Accept", "text/html,application/json"))
                        .headers()
                        .firstValue("Content-Type"))
                .hasValue("application/problem+json");
    }

    @Test
    void whatAJobSaysIsText() {
        String label = "<img src=x onerror=alert(1)>";
        String id = SERVICE.submit(
                Service.irisJob("page-hostile", 1).replaceFirst("\\{", "{\"labels\": {\"note\": \"" + label + "\"}, "));
        try (Visit visit = Browser.visit("/jobs/" + id)) {
            visit.see("#spec", label);
            assertThat(visit.find("img[src=x]").count()).isZero();
        }
    }

    @Test
    void nothingRunsInline() {
        String policy = SERVICE.get("/jobs")
                .headers()
                .firstValue("Content-Security-Policy")
                .orElseThrow();
        assertThat(policy).contains("script-src 'self';").contains("style-src 'self';");
        assertThat(policy).doesNotContain("unsafe").doesNotContain("http");
    }

    @Test
    void theFilterFindsByLabelAndStatus() {
        String id = SERVICE.submit(
                Service.irisJob("page-filter", 1).replaceFirst("\\{", "{\"labels\": {\"team\": \"page-vision\"}, "));
        SERVICE.await(id, "SUCCEEDED");
        try (Visit visit = Browser.visit("/jobs")) {
            visit.find("input[name=label]").fill("team=page-vision");
            visit.find("select[name=status]").selectOption("SUCCEEDED");
            visit.button("Filter").click();
            visit.see("tr[data-job='" + id + "']", "page-filter");
            assertThat(visit.find("tbody tr").count()).isEqualTo(1);
            visit.find("select[name=status]").selectOption("FAILED");
            visit.button("Filter").click();
            visit.see("h2", "No such job");
            visit.find("tr[data-job]")
                    .waitFor(new com.microsoft.playwright.Locator.WaitForOptions()
                            .setState(WaitForSelectorState.DETACHED));
        }
    }

    @Test
    void whatIsTickedStaysTickedWhenAnotherJobComes() {
        String first = SERVICE.submit(Service.irisJob("page-tick", 1));
        SERVICE.await(first, "SUCCEEDED");
        try (Visit visit = Browser.visit("/jobs?model=page-tick")) {
            visit.find("input[value='" + first + "']").check();
            String second = SERVICE.submit(Service.irisJob("page-tick", 1));
            visit.see("tr[data-job='" + second + "'] .pill", "succeeded");
            assertThat(visit.find("input[value='" + first + "']").isChecked()).isTrue();
            assertThat(visit.find("input[value='" + second + "']").isChecked()).isFalse();
        }
    }

    @Test
    void scriptsThatAskForPartsAreToldProblems() {
        HttpResponse<String> answer = SERVICE.send(HttpRequest.newBuilder(SERVICE.uri("/jobs?kind=zzz"))
                .header("Accept", "text/html")
                .header("HX-Request", "true"));
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(Service.json(answer).get("detail").stringValue()).contains("zzz");
    }

    @Test
    void wordsAreTheSameInEveryLanguage() {
        String id = SERVICE.submit(Service.irisJob("page-turkish", 100_000));
        try {
            SERVICE.await(id, "RUNNING");
            HttpResponse<String> page = SERVICE.send(
                    HttpRequest.newBuilder(SERVICE.uri("/jobs/" + id)).header("Accept-Language", "tr"));
            assertThat(page.body()).contains(">running<");
        } finally {
            SERVICE.post("/api/v1/jobs/" + id + "/cancel", "");
        }
    }

    @Test
    void nobodyKeepsAPage() {
        HttpResponse<String> page = SERVICE.get("/jobs");
        assertThat(page.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(String.join(",", page.headers().allValues("Vary"))).containsIgnoringCase("HX-Request");
    }
}
