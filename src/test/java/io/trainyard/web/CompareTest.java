package io.trainyard.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.Service;
import org.junit.jupiter.api.Test;

/** Jobs are seen beside each other. */
class CompareTest {

    private static final Service SERVICE = Service.shared();

    @Test
    void pickedJobsHaveTheirCurvesOverEachOtherAndTheirDifferencesBelow() {
        String slow = SERVICE.submit(Service.irisJob("page-compare", 5));
        String fast = SERVICE.submit(Service.irisJob("page-compare", 8).replace("0.02", "0.1"));
        SERVICE.await(slow, "SUCCEEDED");
        SERVICE.await(fast, "SUCCEEDED");
        try (Visit visit = Browser.visit("/jobs?model=page-compare")) {
            visit.find("input[value='" + fast + "']").check();
            visit.find("input[value='" + slow + "']").check();
            visit.button("Compare what is picked").click();
            visit.await("() => document.getElementById('overlay').dataset.epochs === '8 5'");
            assertThat(visit.find("#differences tbody th").allTextContents())
                    .containsExactly("/training/epochs", "/training/optimizer/learning_rate");
            assertThat(visit.find("#differences tbody td").allTextContents()).containsExactly("8", "5", "0.1", "0.02");
        }
    }

    @Test
    void withoutJobsThePageSaysHowToPickThem() {
        try (Visit visit = Browser.visit("/jobs/compare")) {
            visit.see("h2", "Nothing to compare yet");
        }
    }

    @Test
    void anEmptyIdIsNone() {
        assertThat(SERVICE.get("/jobs/compare?id=&id=").statusCode()).isEqualTo(200);
    }
}
