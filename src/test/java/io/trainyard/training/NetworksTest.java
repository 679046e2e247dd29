package io.trainyard.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.Service;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Networks of every kind, posted over HTTP, trained by a real worker and asked for predictions. */
class NetworksTest {

    private static final String HEAD = "{\"type\": \"dense\", \"units\": 3, \"activation\": \"softmax\"}";

    private final Service service = Service.shared();

    @Test
    void presetBringsItsLayersAndItsTrainingAndTheRequestHasTheLastWord() {
        JsonNode job = train("""
                {"model": "preset", "dataset": "digits", "network": {"preset": "rung-5"}, "training": {"epochs": 2}}
                """);
        JsonNode training = job.at("/spec/training");
        assertThat(training.get("epochs").intValue()).isEqualTo(2);
        assertThat(training.get("batch_size").intValue()).isEqualTo(128);
        assertThat(training.at("/optimizer/learning_rate").doubleValue()).isEqualTo(0.01);
        assertThat(training.at("/learning_rate_schedule/decay_rate").doubleValue())
                .isEqualTo(0.6);
        assertThat(job.at("/spec/network/layers")).hasSize(4);
        JsonNode epochs = epochs(job);
        assertThat(epochs.get(1).get("learning_rate").doubleValue()).isCloseTo(0.006, Offset.offset(1e-12));
    }

    @Test
    void everyRungIsThereUnderItsName() {
        JsonNode presets = Service.json(service.get("/api/v1/presets")).get("items");
        for (int rung = 1; rung <= 11; rung++) {
            assertThat(presets.get(rung - 1).get("name").stringValue()).isEqualTo("rung-" + rung);
        }
    }

    @Test
    void residualBlockLearnsDigits() {
        JsonNode job = train("""
                {"model": "residual", "dataset": "digits",
                 "network": {"layers": [
                    {"type": "conv2d", "name": "stem", "filters": 8, "kernel_size": 3, "padding": "same", "activation": "relu"},
                    {"type": "conv2d", "filters": 8, "kernel_size": 3, "padding": "same", "use_bias": false},
                    {"type": "batch_normalization", "name": "block"},
                    {"type": "add", "inputs": ["stem", "block"]},
                    {"type": "activation", "activation": "relu"},
                    {"type": "max_pooling2d"}, {"type": "flatten"}, {"type": "dropout", "rate": 0.2},
                    {"type": "dense", "units": 10, "activation": "softmax"}]},
                 "training": {"epochs": 6, "seed": 3, "optimizer": {"type": "adam", "learning_rate": 0.01},
                    "augmentation": {"width_shift_range": 0.05, "height_shift_range": 0.05, "rotation_range": 5}}}
                """);
        assertThat(job.at("/result/metrics/val_accuracy").doubleValue()).isGreaterThan(0.9);
        assertThat(predict("residual", "digits", 20)).isGreaterThan(15);
    }

    @Test
    void kerasModelTrainsAndServes() {
        JsonNode job = train("""
                {"model": "keras", "dataset": "iris",
                 "network": {"keras": {"module": "keras", "class_name": "Sequential", "registered_name": null, "config": {
                    "name": "sequential", "trainable": true, "dtype": "float32", "layers": [
                      {"module": "keras.layers", "class_name": "InputLayer", "registered_name": null, "config": {
                        "batch_shape": [null, 4], "dtype": "float32", "sparse": false, "name": "flowers"}},
                      {"module": "keras.layers", "class_name": "Dense", "registered_name": null, "config": {
                        "name": "hidden", "trainable": true, "dtype": "float32", "units": 16, "activation": "relu",
                        "use_bias": true,
                        "kernel_initializer": {"module": "keras.initializers", "class_name": "HeNormal", "config": {"seed": null}, "registered_name": null},
                        "bias_initializer": {"module": "keras.initializers", "class_name": "Zeros", "config": {}, "registered_name": null},
                        "kernel_regularizer": null, "bias_regularizer": null, "kernel_constraint": null, "bias_constraint": null}},
                      {"module": "keras.layers", "class_name": "Dense", "registered_name": null, "config": {
                        "name": "species", "trainable": true, "dtype": "float32", "units": 3, "activation": "softmax",
                        "use_bias": true,
                        "kernel_initializer": {"module": "keras.initializers", "class_name": "GlorotUniform", "config": {"seed": null}, "registered_name": null},
                        "bias_initializer": {"module": "keras.initializers", "class_name": "Zeros", "config": {}, "registered_name": null},
                        "kernel_regularizer": null, "bias_regularizer": null, "kernel_constraint": null, "bias_constraint": null}}]}}},
                 "training": {"epochs": 30, "seed": 1, "optimizer": {"type": "adam", "learning_rate": 0.02}}}
                """);
        assertThat(job.at("/spec/network/layers/0/name").stringValue()).isEqualTo("hidden");
        assertThat(job.at("/spec/network/layers/0/kernel_initializer/type").stringValue())
                .isEqualTo("he_normal");
        assertThat(job.at("/result/metrics/val_accuracy").doubleValue()).isGreaterThan(0.85);
        assertThat(predict("keras", "iris", 20)).isGreaterThan(14);
    }

    @Test
    void numbersAreToldWithTheirErrors() {
        JsonNode job = train("""
                {"model": "friedman", "dataset": "friedman1",
                 "network": {"layers": [{"type": "dense", "units": 32, "activation": "relu"}, {"type": "dense", "units": 1}]},
                 "training": {"epochs": 40, "seed": 1, "optimizer": {"type": "adam", "learning_rate": 0.01},
                    "learning_rate_schedule": {"type": "cosine", "warmup_epochs": 1}}}
                """);
        double r2 = job.at("/result/metrics/val_r2_score").doubleValue();
        assertThat(r2).isGreaterThan(0.85);
        assertThat(epochs(job).get(39).get("val_rmse").doubleValue()).isPositive();
        JsonNode evaluation = Service.json(service.get("/api/v1/models/friedman/versions/1/evaluation"));
        assertThat(evaluation.get("task").stringValue()).isEqualTo("regression");
        assertThat(evaluation.get("r2_score").doubleValue()).isEqualTo(r2);

        JsonNode worst = evaluation.get("worst").get(0);
        JsonNode row = Service.json(service.get("/api/v1/datasets/friedman1/versions/1/rows?split=test&limit=1&offset="
                        + worst.get("row").intValue()))
                .get("items")
                .get(0);
        assertThat(row.get("label").floatValue())
                .isEqualTo((float) worst.get("target").doubleValue());
        JsonNode prediction = Service.json(service.post(
                        "/predict", "{\"model\": \"friedman\", \"instances\": [" + row.get("instance") + "]}"))
                .at("/predictions/0");
        assertThat(prediction.get("value").doubleValue())
                .isCloseTo(worst.get("predicted").doubleValue(), Offset.offset(1e-4));
        assertThat(prediction.propertyNames()).containsExactly("value");
    }

    @Test
    void oneSigmoidTellsTwoClassesApart() {
        JsonNode job = train("""
                {"model": "moons", "dataset": "moons",
                 "network": {"layers": [{"type": "dense", "units": 32, "activation": "relu"},
                                        {"type": "dense", "units": 1, "activation": "sigmoid"}]},
                 "training": {"epochs": 200, "seed": 1, "metrics": ["accuracy", "auc", "precision", "recall", "f1_score"],
                    "optimizer": {"type": "adam", "learning_rate": 0.02},
                    "early_stopping": {"monitor": "val_auc", "patience": 5, "restore_best_weights": true}}}
                """);
        assertThat(job.at("/spec/training/loss/type").stringValue()).isEqualTo("binary_crossentropy");
        assertThat(job.at("/result/metrics/val_auc").doubleValue()).isGreaterThan(0.98);
        double best = 0;
        for (JsonNode epoch : epochs(job)) {
            best = Math.max(best, epoch.get("val_auc").doubleValue());
        }
        assertThat(job.at("/result/metrics/val_auc").doubleValue()).isEqualTo(best);
        assertThat(epochs(job).size()).isLessThan(200);

        JsonNode evaluation = Service.json(service.get("/api/v1/models/moons/versions/1/evaluation"));
        int rows = 0;
        for (JsonNode bin : evaluation.at("/calibration/bins")) {
            rows += bin.get("rows").intValue();
        }
        assertThat(rows).isEqualTo(400);
        assertThat(evaluation.at("/calibration/expected_calibration_error").doubleValue())
                .isBetween(0.0, 0.2);
        JsonNode probabilities = Service.json(
                        service.post("/predict", "{\"model\": \"moons\", \"instances\": [{\"x\": 0, \"y\": 1}]}"))
                .at("/predictions/0/probabilities");
        assertThat(probabilities.get(0).doubleValue() + probabilities.get(1).doubleValue())
                .isCloseTo(1, Offset.offset(1e-6));
        assertThat(probabilities.get(1).doubleValue()).isGreaterThan(0.9);
    }

    @Test
    void versionIsContinuedWithItsWeights() {
        JsonNode base = train(Service.irisJob("base", 30));
        JsonNode still = train("""
                {"model": "continued", "dataset": "iris", "network": {"base": {"model": "base"}},
                 "training": {"epochs": 1, "optimizer": {"type": "sgd", "learning_rate": 1e-12}}}
                """);
        assertThat(still.at("/result/metrics/val_loss").doubleValue())
                .isCloseTo(base.at("/result/metrics/val_loss").doubleValue(), Offset.offset(1e-6));
        assertThat(still.at("/spec/network/base/version").intValue()).isEqualTo(1);
    }

    @Test
    void frozenLayersKeepTheirWeightsUnderANewHead() {
        train(Service.irisJob("body", 30));
        JsonNode job = train("""
                {"model": "transfer", "dataset": "iris",
                 "network": {"base": {"model": "body", "version": 1, "until": "dense"}, "freeze": ["dense"],
                             "layers": [{"type": "dense", "name": "head", "units": 3, "activation": "softmax"}]},
                 "training": {"epochs": 30, "seed": 2, "optimizer": {"type": "adam", "learning_rate": 0.02}}}
                """);
        assertThat(job.at("/result/metrics/val_accuracy").doubleValue()).isGreaterThan(0.85);
        JsonNode version = Service.json(service.get("/api/v1/models/transfer/versions/1"));
        assertThat(version.at("/lineage/spec/network/base/model").stringValue()).isEqualTo("body");
        // 4 · 16 + 16 are frozen, 16 · 3 + 3 are not.
        assertThat(version.at("/summary/total_parameters").intValue()).isEqualTo(131);
        assertThat(version.at("/summary/trainable_parameters").intValue()).isEqualTo(51);
    }

    /** Clients clone jobs: a frozen spec that is posted again freezes to the same. */
    @Test
    void frozenSpecIsAcceptedAgainAsItIs() {
        train(Service.irisJob("cloned", 2));
        for (String network : List.of(
                "{\"layers\": [" + HEAD + "]}",
                "{\"base\": {\"model\": \"cloned\"}}",
                "{\"base\": {\"model\": \"cloned\", \"until\": \"dense\"}, \"freeze\": [\"dense\"], \"layers\": ["
                        + "{\"type\": \"dense\", \"units\": 16, \"activation\": \"relu\"}, " + HEAD + "]}",
                "{\"layers\": [{\"type\": \"dense\", \"name\": \"stem\", \"units\": 4},"
                        + " {\"type\": \"dense\", \"name\": \"side\", \"units\": 4, \"inputs\": [\"input\"],"
                        + " \"kernel_regularizer\": \"l2\", \"kernel_constraint\": {\"type\": \"max_norm\"}},"
                        + " {\"type\": \"add\", \"inputs\": [\"stem\", \"side\"]}, " + HEAD + "]}")) {
            JsonNode job = submit("""
                    {"model": "clone", "dataset": "iris", "network": %s, "labels": {"a": "b"}, "max_runtime_seconds": 60,
                     "training": {"epochs": 2, "seed": 1, "class_weight": {"setosa": 2}, "optimizer": "nadam",
                        "metrics": ["accuracy", "auc", {"type": "top_k_categorical_accuracy", "k": 2}],
                        "learning_rate_schedule": {"type": "reduce_on_plateau", "monitor": "loss"},
                        "early_stopping": {"monitor": "val_auc", "patience": 1}}}
                    """.formatted(network));
            assertThat(submit(job.get("spec").toString()).get("spec")).isEqualTo(job.get("spec"));
        }
    }

    private JsonNode submit(String job) {
        JsonNode submitted = service.job(service.submit(job));
        service.post("/api/v1/jobs/" + submitted.get("id").stringValue() + "/cancel", "");
        return submitted;
    }

    @Test
    void dryRunPrintsWhatKerasPrints() {
        HttpResponse<String> summary = service.send(HttpRequest.newBuilder(service.uri("/api/v1/jobs/validate"))
                .header("Content-Type", "application/json")
                .header("Accept", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString(Service.irisJob("dry", 1))));
        assertThat(summary.statusCode()).isEqualTo(200);
        assertThat(summary.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
        assertThat(summary.body()).contains("dense_1 (dense)", "(None, 16)", "Total parameters:         131");
    }

    private JsonNode train(String job) {
        JsonNode ended = service.await(service.submit(job), "SUCCEEDED", "FAILED");
        assertThat(ended.get("status").stringValue()).as(ended.toString()).isEqualTo("SUCCEEDED");
        return ended;
    }

    private JsonNode epochs(JsonNode job) {
        return Service.json(service.get("/api/v1/jobs/" + job.get("id").stringValue() + "/metrics"))
                .get("epochs");
    }

    /** How many of a dataset's first held-out rows are predicted rightly. */
    private int predict(String model, String dataset, int count) {
        JsonNode rows = Service.json(
                        service.get("/api/v1/datasets/" + dataset + "/versions/1/rows?split=test&limit=" + count))
                .get("items");
        int right = 0;
        for (JsonNode row : rows) {
            JsonNode label = Service.json(service.post(
                            "/predict", "{\"model\": \"" + model + "\", \"instances\": [" + row.get("instance") + "]}"))
                    .at("/predictions/0/label");
            right += label.equals(row.get("label")) ? 1 : 0;
        }
        return right;
    }
}
