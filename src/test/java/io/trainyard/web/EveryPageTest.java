package io.trainyard.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.options.ColorScheme;
import io.trainyard.Service;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of every page: accessible, in the light and in the dark, on a telephone, and quiet in the console. */
class EveryPageTest {

    private static final Service SERVICE = Service.shared();
    private static final int TELEPHONE = 390;

    private static String job = "";

    @BeforeAll
    static void aJob() {
        job = SERVICE.submit(Service.irisJob("every-page", 4));
        SERVICE.await(job, "SUCCEEDED");
    }

    static Stream<String> pages() {
        return List.of(
                "/jobs",
                "/jobs?model=every-page",
                "/jobs/new",
                "/jobs/{job}",
                "/jobs/compare?id={job}",
                "/models",
                "/models/every-page",
                "/models/every-page/versions/1",
                "/workers",
                "/try?model=every-page",
                "/datasets",
                "/datasets/new",
                "/datasets/iris",
                "/datasets/iris/versions/1",
                "/datasets/digits/versions/1",
                "/keys",
                "/audit")
                .stream();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void isAccessibleInBothSchemes(String path) {
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            try (Visit visit = Browser.visit(at(path), new NewContextOptions().setColorScheme(scheme))) {
                settle(visit);
                assertThat(visit.accessibilityFaults()).as(scheme + " " + path).isEmpty();
                assertThat(visit.page().title()).endsWith("· Trainyard");
                assertThat(visit.find("h1").count()).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void fitsATelephone(String path) {
        try (Visit visit = Browser.visit(at(path), new NewContextOptions().setViewportSize(TELEPHONE, 800))) {
            settle(visit);
            assertThat(visit.page().evaluate("() => document.documentElement.scrollWidth"))
                    .as(path)
                    .isEqualTo(TELEPHONE);
        }
    }

    private static String at(String path) {
        return path.replace("{job}", job);
    }

    private static void settle(Visit visit) {
        visit.page().waitForLoadState();
        visit.await("() => document.documentElement.dataset.live === 'open'");
        visit.await("() => !document.querySelector('.htmx-request')");
    }

    /** It is not ours, but its policy is. */
    @Test
    void theDocumentOfTheApiIsQuietToo() {
        try (Visit visit = Browser.visit("/swagger-ui.html")) {
            visit.see(".opblock-summary", "/api/v1/jobs");
        }
    }
}
