package io.trainyard;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.client.Job;
import io.trainyard.client.JobRequest;
import io.trainyard.client.JobStatus;
import io.trainyard.client.Network;
import io.trainyard.client.PredictRequest;
import io.trainyard.client.PredictResponse;
import io.trainyard.client.Spec;
import io.trainyard.client.Training;
import io.trainyard.client.Trainyard;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service survives what happens to processes, and says in words why it cannot start. */
class ServiceProcessIT {

    private static final JobRequest JOB = JobRequest.of(
            "kept",
            "iris",
            Network.of(Spec.dense(16, "relu"), Spec.dense(3, "softmax")),
            Training.epochs(20).withSeed(7));

    private static final PredictRequest QUESTION =
            PredictRequest.of("kept", List.of(5.1, 3.5, 1.4, 0.2), List.of(6.8, 3.0, 6.0, 2.3));

    @TempDir
    Path data;

    @Test
    void killedAndStartedAgainItAnswersWithTheSameProbabilities() throws Exception {
        List<PredictResponse.Prediction> before;
        List<ProcessHandle> workers;
        try (ServiceProcess first = start(ServiceProcess.freePort())) {
            Trainyard trainyard = first.awaitReady().client();
            Job job = trainyard.jobs().submit(JOB);
            trainyard.jobs().await(job.id(), Duration.ofMinutes(5)).succeeded();
            before = trainyard.predictions().predict(QUESTION).predictions();
            workers = first.workers();
            assertThat(workers).hasSize(1);
            assertThat(FilterProbe.deserialises(first.pid())).isFalse();
            assertThat(FilterProbe.deserialises(workers.get(0).pid())).isFalse();
            assertThat(Files.readString(
                            Path.of("/proc", String.valueOf(workers.get(0).pid()), "environ")))
                    .as("its threads spin briefly while they wait for each other")
                    .contains("OMP_WAIT_POLICY=active\0", "GOMP_SPINCOUNT=1000\0");
            first.kill();
        }
        Awaitility.await("the worker ends when its parent does")
                .atMost(Duration.ofSeconds(30))
                .until(() -> workers.stream().noneMatch(ProcessHandle::isAlive));

        try (ServiceProcess second = start(ServiceProcess.freePort()).awaitReady()) {
            assertThat(second.output()).contains("stopping the PostgreSQL of an earlier run");
            Trainyard trainyard = second.client();
            assertThat(trainyard.predictions().predict(QUESTION).predictions()).isEqualTo(before);
            assertThat(trainyard.jobs().ofModel("kept").map(Job::status)).containsExactly(JobStatus.SUCCEEDED);
            second.terminate();
            assertThat(data.resolve("postgres/postmaster.pid")).doesNotExist();
        }
    }

    @Test
    void secondInstanceOnTheSameDataRefusesInWordsAndHarmsNothing() throws Exception {
        try (ServiceProcess first = start(ServiceProcess.freePort()).awaitReady()) {
            try (ServiceProcess second = start(ServiceProcess.freePort())) {
                assertThat(second.awaitEnd()).isNotZero();
                assertThat(second.output())
                        .contains("Another Trainyard (process " + first.pid() + ") is running on the data directory")
                        .contains("TRAINYARD_DATA_DIR")
                        .doesNotContain("\tat ");
            }
            assertThat(first.get("/api/v1/jobs").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void takenPortIsSaidInWordsAndNothingIsLost() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServiceProcess refused = start(taken.getLocalPort())) {
            assertThat(refused.awaitEnd()).isNotZero();
            assertThat(refused.output())
                    .contains("Web server failed to start. Port " + taken.getLocalPort() + " was already in use.")
                    .doesNotContain("\tat ");
        }
        assertThat(Files.exists(data.resolve("postgres/postmaster.pid"))).isFalse();
        try (ServiceProcess started = start(ServiceProcess.freePort()).awaitReady()) {
            assertThat(started.get("/api/v1/jobs").statusCode()).isEqualTo(200);
        }
    }

    /** As the README has it. */
    private ServiceProcess start(int port) throws IOException {
        return ServiceProcess.startJar(Path.of(System.getProperty("trainyard.jar")), data, port, Map.of());
    }
}
