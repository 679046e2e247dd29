package io.trainyard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Rung 5 of the ladder on the real MNIST: it learns what it must, and serving agrees with the evaluation. */
@EnabledIf(value = "mnistIsThere", disabledReason = "set TRAINYARD_DATASETS_DIR to a folder with mnist/")
class MnistIT {

    private static final String RUNG_5 = """
            {"model": "mnist", "dataset": "mnist",
             "network": {"layers": [
                {"type": "flatten"},
                {"type": "dense", "units": 200, "activation": "relu"},
                {"type": "dense", "units": 60, "activation": "relu"},
                {"type": "dense", "units": 10, "activation": "softmax"}]},
             "training": {"epochs": 10, "batch_size": 128, "seed": 42,
                "optimizer": {"type": "adam", "learning_rate": 0.01},
                "learning_rate_schedule": {"type": "exponential", "decay_rate": 0.6}}}
            """;

    @TempDir
    Path data;

    static boolean mnistIsThere() {
        String folder = System.getenv("TRAINYARD_DATASETS_DIR");
        return folder != null && Files.isDirectory(Path.of(folder, "mnist"));
    }

    @Test
    void rung5ReachesItsAccuracyAndHttpAgrees() throws Exception {
        try (ServiceProcess service =
                ServiceProcess.start(data, ServiceProcess.freePort()).awaitReady()) {
            JsonNode job = service.train(RUNG_5);
            double accuracy = job.at("/result/metrics/val_accuracy").doubleValue();
            assertThat(accuracy).isGreaterThanOrEqualTo(0.98);
            assertThat(accuracyOverHttp(service)).isCloseTo(accuracy, Offset.offset(5e-5));
            String batch = Service.json(
                            service.post("/api/v1/batch-predictions", "{\"model\": \"mnist\", \"dataset\": \"mnist\"}"))
                    .get("id")
                    .stringValue();
            service.awaitSuccess(batch);
            assertThat(service.job(batch).at("/result/metrics/accuracy").doubleValue())
                    .isCloseTo(accuracy, Offset.offset(5e-5));
        }
    }

    private static double accuracyOverHttp(ServiceProcess service) {
        int right = 0;
        int total = 0;
        JsonNode page;
        do {
            page = Service.json(
                    service.get("/api/v1/datasets/mnist/versions/1/rows?split=test&limit=500&offset=" + total));
            StringBuilder instances = new StringBuilder();
            for (JsonNode row : page.get("items")) {
                instances.append(instances.isEmpty() ? "" : ",").append(row.get("instance"));
            }
            JsonNode predictions = Service.json(
                            service.post("/predict", "{\"model\": \"mnist\", \"instances\": [" + instances + "]}"))
                    .get("predictions");
            for (int i = 0; i < predictions.size(); i++) {
                if (predictions.get(i).get("label").equals(page.at("/items/" + i + "/label"))) {
                    right++;
                }
            }
            total += predictions.size();
        } while (total < page.get("total").intValue());
        assertThat(total).isEqualTo(10_000);
        return (double) right / total;
    }
}
