package io.trainyard.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.Service;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A job is written, checked while it is written, and posted from the page. */
class NewJobTest {

    private static final Service SERVICE = Service.shared();

    @Test
    void aPresetIsPostedAndItsCurvesMove() {
        try (Visit visit = Browser.visit("/jobs/new")) {
            visit.find("#preset").selectOption("rung-3");
            visit.find("#model").fill("page-new");
            visit.find("#epochs").fill("3");
            visit.find("#epochs").blur();
            visit.see("#check td", "dense_1");
            assertThat(visit.find("#curl").textContent())
                    .startsWith("curl -i " + Visit.address("/api/v1/jobs"))
                    .contains("\"preset\": \"rung-3\"");
            visit.button("Post the job").click();
            visit.see("h1", "page-new");
            visit.await("() => Number(document.getElementById('curves').dataset.epochs) === 3");
            visit.see("#status", "succeeded");
        }
    }

    @Test
    void aShapeErrorIsShownAtItsLayer() {
        try (Visit visit = Browser.visit("/jobs/new").expect("status of 422")) {
            visit.find("#spec").fill("""
                            {"model": "page-wrong", "dataset": "digits",
                             "network": {"layers": [{"type": "flatten"},
                                                    {"type": "dense", "units": 4, "activation": "softmax"}]},
                             "training": {"epochs": 1}}""");
            visit.see("tr[data-layer='1'] .problem", "10 classes");
            assertThat(visit.find("tr[data-layer='0'] .problem").count()).isZero();
            assertThat(visit.button("Post the job").isDisabled()).isTrue();
            visit.find("#spec").fill(visit.find("#spec").inputValue().replace("\"units\": 4", "\"units\": 10"));
            visit.await("() => document.getElementById('new-job').dataset.valid === 'true'");
            assertThat(visit.button("Post the job").isDisabled()).isFalse();
        }
    }

    @Test
    void aTypoIsToldInWords() {
        try (Visit visit = Browser.visit("/jobs/new").expect("status of 400")) {
            visit.find("#spec").fill(Service.irisJob("page-typo", 1).replace("batch_size", "batchsize"));
            visit.see("#check .problem", "batchsize");
            visit.find("#spec").fill("{\"model\": ");
            visit.see("#check .problem", "Malformed request");
        }
    }

    @Test
    void kerasJsonIsPastedOverTheSpec() {
        try (Visit visit = Browser.visit("/jobs/new?dataset=iris")) {
            // A preset for pictures gives way to a network that fits.
            visit.await("() => document.getElementById('new-job').dataset.valid === 'true'");
            visit.find("#spec").fill("""
                            {"class_name": "Sequential", "config": {"name": "s", "layers": [
                              {"class_name": "InputLayer", "config": {"batch_input_shape": [null, 4], "dtype": "float32", "name": "in"}},
                              {"class_name": "Dense", "config": {"name": "hidden", "trainable": true, "units": 5, "activation": "relu", "use_bias": true,
                                "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": null}},
                                "bias_initializer": {"class_name": "Zeros", "config": {}}, "kernel_regularizer": null,
                                "bias_regularizer": null, "activity_regularizer": null, "kernel_constraint": null,
                                "bias_constraint": null}},
                              {"class_name": "Dense", "config": {"name": "out", "trainable": true, "units": 3, "activation": "softmax", "use_bias": true,
                                "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": null}},
                                "bias_initializer": {"class_name": "Zeros", "config": {}}, "kernel_regularizer": null,
                                "bias_regularizer": null, "activity_regularizer": null, "kernel_constraint": null,
                                "bias_constraint": null}}]},
                             "keras_version": "2.15.0", "backend": "tensorflow"}""");
            visit.see("#check td", "hidden");
            JsonNode spec = Service.JSON.readTree(visit.find("#spec").inputValue());
            assertThat(spec.get("dataset").stringValue()).isEqualTo("iris");
            assertThat(spec.at("/network/keras/class_name").stringValue()).isEqualTo("Sequential");
        }
    }

    @Test
    void aJobIsClonedAndEdited() {
        String id = SERVICE.submit(Service.irisJob("page-clone", 2));
        SERVICE.await(id, "SUCCEEDED");
        try (Visit visit = Browser.visit("/jobs/" + id)) {
            visit.find("a:text-is('Clone and edit')").click();
            visit.find("#epochs").fill("4");
            visit.find("#epochs").blur();
            visit.await("() => document.getElementById('new-job').dataset.valid === 'true'");
            visit.button("Post the job").click();
            visit.see("#status", "succeeded");
            String clone = visit.page().url().replaceAll(".*/", "");
            assertThat(clone).isNotEqualTo(id);
            JsonNode spec = SERVICE.job(clone).get("spec");
            assertThat(spec.at("/training/epochs").intValue()).isEqualTo(4);
            assertThat(spec.get("network")).isEqualTo(SERVICE.job(id).at("/spec/network"));
        }
    }

    @Test
    void whatTheDoctorSuggestsIsOneClickAway() {
        String id = SERVICE.submit("""
                {"model": "page-doctor", "dataset": "iris",
                 "network": {"layers": [{"type": "dense", "units": 16, "activation": "relu"},
                                        {"type": "dense", "units": 3, "activation": "softmax"}]},
                 "training": {"epochs": 12, "batch_size": 16, "seed": 7,
                              "optimizer": {"type": "sgd", "learning_rate": 0.002}}}
                """);
        SERVICE.await(id, "SUCCEEDED");
        JsonNode finding = Service.json(SERVICE.get("/api/v1/jobs/" + id + "/diagnosis"))
                .get("findings")
                .get(0);
        try (Visit visit = Browser.visit("/jobs/" + id)) {
            visit.see("#doctor h3", finding.get("title").stringValue());
            visit.find("#doctor .suggestion a").first().click();
            visit.await("() => document.getElementById('new-job').dataset.valid === 'true'");
            JsonNode changed = Service.JSON.readTree(visit.find("#spec").inputValue());
            assertThat(changed).isNotEqualTo(SERVICE.job(id).get("spec"));
            assertThat(changed.get("model").stringValue()).isEqualTo("page-doctor");
        }
    }
}
