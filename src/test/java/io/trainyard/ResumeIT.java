package io.trainyard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * A job whose worker is killed at random moments, again and again, ends in the same weights, bit by bit, and the same
 * curves as one that nothing happened to.
 */
class ResumeIT {

    /** By hand: {@code -Dtrainyard.faults.kills=5}. */
    private static final int KILLS = Integer.getInteger("trainyard.faults.kills", 2);

    /** By hand: {@code -Dtrainyard.faults.dataset=mnist}, with {@code TRAINYARD_DATASETS_DIR}. */
    private static final String DATASET = System.getProperty("trainyard.faults.dataset", "digits");

    private static final int BATCH_SIZE = DATASET.equals("digits") ? 16 : 128;

    private static final String PLATEAU =
            ", \"learning_rate_schedule\": {\"type\": \"reduce_on_plateau\", \"patience\": 1}";

    @TempDir
    Path data;

    /**
     * Short forms of the ladder's rungs 3 and 9; and one that stops early, at a learning rate that follows from the curves.
     */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    rung-3 | 200 | 1000
                    rung-9 | 40  | 1000
                    rung-3 | 500 | 12
                    """)
    void killedAtRandomMomentsItEndsInTheSameWeights(String preset, int epochs, int patience) throws Exception {
        long seed = Long.getLong("trainyard.faults.seed", System.nanoTime());
        System.out.println("trainyard.faults.seed=" + seed);
        SplittableRandom random = new SplittableRandom(seed);
        FreshData.copyTo(data);
        try (ServiceProcess service = ServiceProcess.start(
                        data,
                        ServiceProcess.freePort(),
                        "--trainyard.training.heartbeat-interval=500ms",
                        "--trainyard.training.missed-heartbeats=4",
                        "--trainyard.training.checkpoint-interval=1s")
                .awaitReady()) {
            JsonNode undisturbed = service.train(job(preset, epochs, patience));
            double end = 100.0 * epochs(service, undisturbed).size() / epochs;

            String id = service.submit(job(preset, epochs, patience));
            for (int kill = 0; kill < KILLS; kill++) {
                int attempt = kill + 1;
                double from = service.job(id).at("/progress/percent").doubleValue();
                double at = from + random.nextDouble() * (end - from) / (KILLS - kill + 1);
                service.await(id, job -> {
                    if (job.get("status").stringValue().equals("SUCCEEDED")) {
                        throw new AssertionError("it was over before it could be killed: more epochs are needed");
                    }
                    return job.get("attempt").intValue() == attempt
                            && job.at("/progress/percent").doubleValue() >= at;
                });
                service.awaitWorkerOf(id).destroyForcibly();
            }
            JsonNode killed = service.awaitSuccess(id);

            assertThat(killed.get("attempt").intValue()).isEqualTo(KILLS + 1);
            assertThat(weights(service, killed)).isEqualTo(weights(service, undisturbed));
            assertThat(curves(service, killed)).isEqualTo(curves(service, undisturbed));
            assertThat(service.reconcile().get("clean").booleanValue()).isTrue();
        }
    }

    private static String job(String preset, int epochs, int patience) {
        return """
                {"model": "resumed", "dataset": "%s", "network": {"preset": "%s"},
                 "training": {"epochs": %d, "batch_size": %d, "seed": 11, "early_stopping":
                    {"monitor": "val_accuracy", "patience": %d, "restore_best_weights": true}%s}}
                """.formatted(DATASET, preset, epochs, BATCH_SIZE, patience, patience < epochs ? PLATEAU : "");
    }

    private static String weights(ServiceProcess service, JsonNode job) {
        return Service.json(service.get("/api/v1/models/resumed/versions/" + job.at("/result/version")))
                .at("/artifact/sha256")
                .stringValue();
    }

    private static JsonNode epochs(ServiceProcess service, JsonNode job) {
        return Service.json(service.get("/api/v1/jobs/" + job.get("id").stringValue() + "/metrics"))
                .get("epochs");
    }

    private static String curves(ServiceProcess service, JsonNode job) {
        StringBuilder curves = new StringBuilder();
        for (JsonNode epoch : epochs(service, job)) {
            curves.append(epoch.get("epoch"))
                    .append(' ')
                    .append(epoch.get("train_loss"))
                    .append(' ');
            curves.append(epoch.get("learning_rate"))
                    .append(' ')
                    .append(epoch.get("val_loss"))
                    .append(' ')
                    .append(epoch.get("train_accuracy"))
                    .append('\n');
        }
        return curves.toString();
    }
}
