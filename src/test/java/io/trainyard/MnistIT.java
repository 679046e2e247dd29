package io.trainyard;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.client.BatchPredictionRequest;
import io.trainyard.client.Job;
import io.trainyard.client.JobRequest;
import io.trainyard.client.Network;
import io.trainyard.client.PredictRequest;
import io.trainyard.client.PredictResponse;
import io.trainyard.client.RowPage;
import io.trainyard.client.Spec;
import io.trainyard.client.Training;
import io.trainyard.client.Trainyard;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Rung 5 of the ladder on the real MNIST: it learns what it must, and serving agrees with the evaluation. */
@EnabledIf(value = "mnistIsThere", disabledReason = "set TRAINYARD_DATASETS_DIR to a folder with mnist/")
class MnistIT {

    private static final Duration WAIT = Duration.ofMinutes(10);

    private static final JobRequest RUNG_5 = JobRequest.of(
            "mnist",
            "mnist",
            Network.of(Spec.of("flatten"), Spec.dense(200, "relu"), Spec.dense(60, "relu"), Spec.dense(10, "softmax")),
            Training.epochs(10)
                    .withBatchSize(128)
                    .withSeed(42)
                    .withOptimizer(Spec.of("adam").with("learning_rate", 0.01))
                    .withLearningRateSchedule(Spec.of("exponential").with("decay_rate", 0.6)));

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
            Trainyard trainyard = service.client();
            double accuracy = metric(trainyard, trainyard.jobs().submit(RUNG_5), "val_accuracy");
            assertThat(accuracy).isGreaterThanOrEqualTo(0.98);
            assertThat(accuracyOverHttp(trainyard)).isCloseTo(accuracy, Offset.offset(5e-5));
            Job batch = trainyard.batchPredictions().submit(BatchPredictionRequest.of("mnist", "mnist"), null);
            assertThat(metric(trainyard, batch, "accuracy")).isCloseTo(accuracy, Offset.offset(5e-5));
        }
    }

    private static double metric(Trainyard trainyard, Job job, String name) {
        return Objects.requireNonNull(
                trainyard.jobs().await(job.id(), WAIT).succeeded().metrics().get(name));
    }

    private static double accuracyOverHttp(Trainyard trainyard) {
        int right = 0;
        int total = 0;
        RowPage page;
        do {
            page = trainyard.datasets().rows("mnist", 1, "test", total, 500, null);
            List<PredictResponse.Prediction> predictions = trainyard
                    .predictions()
                    .predict(PredictRequest.of(
                            "mnist",
                            page.items().stream().map(RowPage.Row::instance).toArray()))
                    .predictions();
            for (int i = 0; i < predictions.size(); i++) {
                if (page.items().get(i).label().equals(predictions.get(i).label())) {
                    right++;
                }
            }
            total += predictions.size();
        } while (total < page.total());
        assertThat(total).isEqualTo(10_000);
        return (double) right / total;
    }
}
