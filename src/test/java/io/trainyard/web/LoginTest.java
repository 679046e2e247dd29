package io.trainyard.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.SecuredService;
import org.junit.jupiter.api.Test;

/** A person logs in with a key, does what its role allows, and logs out; admins make and revoke keys. */
class LoginTest {

    private static final SecuredService service = SecuredService.shared();

    @Test
    void keyLetsAPersonInAndWhatItMayDoIsDone() {
        try (Visit visit = Browser.visit(service::uri, "/jobs/new")) {
            assertThat(visit.page().title()).isEqualTo("Log in · Trainyard");
            assertThat(visit.accessibilityFaults()).isEmpty();
            visit.expect("status of 401");
            logIn(visit, "ty_mistyped");
            visit.see("#refused", "not good");
            logIn(visit, service.key("trainer", "may"));

            // To the page that was asked for.
            visit.see("h1", "New job");
            // The name that the page begins with may be another's.
            visit.expect("status of 409");
            visit.find("#preset").selectOption("rung-1");
            visit.find("#model").fill("page-login");
            visit.find("#epochs").fill("1");
            visit.find("#epochs").blur();
            visit.await("() => document.getElementById('curl').textContent.includes('page-login')"
                    + " && document.getElementById('new-job').dataset.valid === 'true'");
            assertThat(visit.find("#curl").textContent()).contains("Authorization: Bearer $TRAINYARD_KEY");
            visit.button("Post the job").click();
            visit.see("h1", "page-login");

            visit.go("/keys");
            visit.expect("status of 403");
            visit.see("h1", "Forbidden");
            visit.go("/jobs");
            visit.button("Log out").click();
            visit.see("label", "API key");
        }
    }

    @Test
    void adminMakesAndRevokesKeysAndSeesWhatWasDone() {
        try (Visit visit = Browser.visit(service::uri, "/keys")) {
            logIn(visit, service.adminKey());
            visit.find("#making summary").click();
            visit.find("#make [name=name]").fill("made by the page");
            visit.find("#make [name=owner]").fill("may");
            visit.button("Make it").click();
            visit.find("#made").waitFor();
            String key = visit.find("#key").textContent();
            assertThat(service.get("/api/v1/jobs", key).statusCode()).isEqualTo(200);

            visit.go("/keys");
            visit.page().onDialog(dialog -> dialog.accept());
            visit.page().getByLabel("Revoke ty_" + key.substring(3, 11)).click();
            visit.see("tr:has-text('" + key.substring(3, 11) + "') .pill", "revoked");
            assertThat(service.get("/api/v1/jobs", key).statusCode()).isEqualTo(401);

            visit.go("/audit?action=/keys");
            visit.see("#events code", "DELETE /api/v1/keys/{id}");
            assertThat(visit.find("#events").textContent()).doesNotContain(key);
        }
    }

    private static void logIn(Visit visit, String key) {
        visit.find("#key").fill(key);
        visit.button("Log in").click();
    }
}
