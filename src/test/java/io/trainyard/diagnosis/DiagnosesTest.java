package io.trainyard.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.flipkart.zjsonpatch.Jackson3JsonPatch;
import io.trainyard.Service;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Jobs are run, diagnosed over HTTP, and run again as was suggested. */
class DiagnosesTest {

    private static final Service SERVICE = Service.shared();
    private static final Diagnoses DIAGNOSES = SERVICE.bean(Diagnoses.class);

    private static final String SIGMOIDS = """
            {"model": "sigmoids", "dataset": "digits",
             "network": {"layers": [{"type": "flatten"},
                {"type": "dense", "units": 32, "activation": "sigmoid"},
                {"type": "dense", "units": 32, "activation": "sigmoid"},
                {"type": "dense", "units": 10, "activation": "softmax"}]},
             "training": {"epochs": 8, "batch_size": 32, "seed": 42, "optimizer": {"type": "sgd", "learning_rate": 0.03}}}
            """;

    @Test
    void vanishingGradientIsFoundAndReluMendsIt() {
        JsonNode job = ended(SIGMOIDS);
        JsonNode diagnosis = diagnosis(job);
        JsonNode finding = diagnosis.at("/findings/0");
        assertThat(diagnosis.get("epochs").intValue()).isEqualTo(8);
        assertThat(diagnosis.get("job_id")).isEqualTo(job.get("id"));
        assertThat(finding.get("code").stringValue()).isIn("not_learning", "slow");
        assertThat(finding.get("severity").stringValue()).isEqualTo("problem");
        assertThat(diagnosis.get("summary").stringValue()).startsWith("After 8 epochs – ");
        assertThat(finding.at("/evidence/0").propertyNames()).containsExactly("metric", "epoch", "value", "text");

        JsonNode relu = finding.at("/suggestions/0");
        assertThat(relu.get("code").stringValue()).isEqualTo("use_relu");
        assertThat(relu.at("/changes/0")).isEqualTo(Service.JSON.readTree("""
                {"op": "replace", "path": "/network/layers/1/activation", "value": "relu"}
                """));
        JsonNode spec = Jackson3JsonPatch.apply(relu.get("changes"), job.get("spec"));
        JsonNode again = ended(spec.toString());
        assertThat(again.at("/result/metrics/val_accuracy").doubleValue())
                .isGreaterThan(job.at("/result/metrics/val_accuracy").doubleValue() + 0.3);
        assertThat(DIAGNOSES.changedSpec(id(job), finding.get("code").stringValue(), "use_relu"))
                .hasToString(spec.toString());
    }

    @Test
    void everySuggestionWouldBeAccepted() {
        for (String job : List.of(SIGMOIDS, """
                {"model": "overfits", "dataset": "digits",
                 "network": {"layers": [
                    {"type": "conv2d", "name": "stem", "filters": 8, "kernel_size": 3, "padding": "same", "activation": "relu"},
                    {"type": "conv2d", "filters": 8, "kernel_size": 3, "padding": "same", "use_bias": false},
                    {"type": "batch_normalization", "name": "block"},
                    {"type": "add", "inputs": ["stem", "block"]},
                    {"type": "flatten"}, {"type": "dense", "units": 128, "activation": "relu"},
                    {"type": "dense", "units": 10, "activation": "softmax"}]},
                 "training": {"epochs": 12, "seed": 3, "optimizer": {"type": "adam", "learning_rate": 0.01}}}
                """, """
                {"model": "explodes", "dataset": "friedman1", "network": {"layers": [{"type": "dense", "units": 1}]},
                 "training": {"epochs": 3, "seed": 1, "optimizer": {"type": "sgd", "learning_rate": 10}}}
                """)) {
            for (JsonNode finding : diagnosis(ended(job)).get("findings")) {
                assertThat(finding.get("suggestions")).as(job).isNotEmpty();
            }
        }
    }

    /** A frozen spec holds the layers of its base: a suggestion must not change those, and the clone must not double them. */
    @Test
    void jobThatGoesOnFromAVersionIsDiagnosedAndCloned() {
        JsonNode body = ended(SIGMOIDS.replace("\"sigmoids\"", "\"sigmoid-body\""));
        JsonNode job = ended("""
                {"model": "sigmoid-head", "dataset": "digits",
                 "network": {"base": {"model": "sigmoid-body", "version": %d, "until": "dense"}, "freeze": ["dense"],
                    "layers": [{"type": "dense", "name": "middle", "units": 16, "activation": "sigmoid"},
                               {"type": "dense", "name": "head", "units": 10, "activation": "softmax"}]},
                 "training": {"epochs": 5, "seed": 1, "optimizer": {"type": "sgd", "learning_rate": 0.001}}}
                """.formatted(body.at("/result/version").intValue()));
        JsonNode finding = diagnosis(job).at("/findings/0");
        String code = finding.get("code").stringValue();
        assertThat(code).isEqualTo("not_learning");
        JsonNode spec = DIAGNOSES.changedSpec(id(job), code, "use_relu");
        assertThat(activations(spec)).containsExactly("null", "sigmoid", "relu", "softmax");
        JsonNode again = Service.json(accepted(SERVICE.post("/api/v1/jobs", spec.toString()), 202));
        assertThat(activations(again.get("spec"))).containsExactly("null", "sigmoid", "relu", "softmax");
        SERVICE.post("/api/v1/jobs/" + again.get("id").stringValue() + "/cancel", "");
    }

    @Test
    void jobThatPredictsHasNoCurves() {
        ended(Service.irisJob("curveless", 2));
        JsonNode prediction = Service.json(accepted(
                SERVICE.post("/api/v1/batch-predictions", "{\"model\": \"curveless\", \"dataset\": \"iris\"}"), 202));
        JsonNode diagnosis = diagnosis(prediction);
        assertThat(diagnosis.get("epochs").intValue()).isZero();
        assertThat(diagnosis.get("findings")).isEmpty();
        assertThat(diagnosis.get("summary").stringValue()).contains("no curves");
    }

    @Test
    void whatIsNotFoundCannotBeApplied() {
        UUID job = id(ended(Service.irisJob("healthy", 2)));
        assertThat(diagnosis(job).at("/findings/0/code").stringValue()).isEqualTo("too_early");
        for (String finding : List.of("overfitting", "too_early", "no-such-finding")) {
            assertThatThrownBy(() -> DIAGNOSES.changedSpec(job, finding, "add_dropout"))
                    .isInstanceOfSatisfying(ProblemException.class, problem -> assertThat(problem.type())
                            .isEqualTo(ProblemType.NOT_FOUND));
        }
        UUID nobody = UUID.randomUUID();
        assertThat(SERVICE.get("/api/v1/jobs/" + nobody + "/diagnosis").statusCode())
                .isEqualTo(404);
        assertThat(SERVICE.get("/api/v1/jobs/no-id/diagnosis").statusCode()).isEqualTo(400);
    }

    private static List<String> activations(JsonNode spec) {
        JsonNode layers = spec.at("/network/layers");
        return IntStream.range(0, layers.size())
                .mapToObj(i -> layers.get(i).path("activation").asString("null"))
                .toList();
    }

    private static JsonNode ended(String job) {
        return SERVICE.await(SERVICE.submit(job), "SUCCEEDED", "FAILED");
    }

    private static UUID id(JsonNode job) {
        return UUID.fromString(job.get("id").stringValue());
    }

    private static JsonNode diagnosis(JsonNode job) {
        return diagnosis(id(job));
    }

    /** A diagnosis whose every suggestion passes the dry run. */
    private static JsonNode diagnosis(UUID job) {
        JsonNode diagnosis = Service.json(accepted(SERVICE.get("/api/v1/jobs/" + job + "/diagnosis"), 200));
        JsonNode spec = SERVICE.job(job.toString()).get("spec");
        for (JsonNode finding : diagnosis.get("findings")) {
            for (JsonNode suggestion : finding.get("suggestions")) {
                JsonNode changed = Jackson3JsonPatch.apply(suggestion.get("changes"), spec);
                accepted(SERVICE.post("/api/v1/jobs/validate", changed.toString()), 200);
            }
        }
        return diagnosis;
    }

    private static HttpResponse<String> accepted(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return response;
    }
}
