package io.trainyard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A backup of a running service, restored elsewhere, holds all that was acknowledged, and predicts bit-equally. */
class BackupIT {

    private static final String PREDICT = """
            {"model": "kept", "instances": [[5.1, 3.5, 1.4, 0.2], [6.8, 3.0, 6.0, 2.3]]}
            """;

    @TempDir
    Path folder;

    @Test
    void restoredElsewhereItPredictsTheSameAndGoesOnWithTheJobs() throws Exception {
        Path backup = folder.resolve("backup");
        Path elsewhere = folder.resolve("elsewhere");
        JsonNode before;
        JsonNode evaluation;
        String batch;
        String predictions;
        String running;
        try (ServiceProcess service = ServiceProcess.start(folder.resolve("data"), ServiceProcess.freePort())
                .awaitReady()) {
            service.train(Service.irisJob("kept", 20));
            before = Service.json(service.post("/predict", PREDICT)).get("predictions");
            evaluation = Service.json(service.get("/api/v1/models/kept/versions/1/evaluation"));
            batch = Service.json(
                            service.post("/api/v1/batch-predictions", "{\"model\": \"kept\", \"dataset\": \"iris\"}"))
                    .get("id")
                    .stringValue();
            service.awaitSuccess(batch);
            predictions = service.get("/api/v1/batch-predictions/" + batch + "/predictions")
                    .body();
            running = service.submit(Service.irisJob("running", 800));
            service.await(running, job -> job.at("/progress/epoch").intValue() > 5);

            assertThat(command(folder.resolve("data"), "backup", backup)).isZero();
            assertThat(command(folder.resolve("data"), "backup", backup))
                    .as("a backup is not overwritten")
                    .isNotZero();
            assertThat(service.get("/api/v1/jobs").statusCode()).isEqualTo(200);
        }

        assertThat(command(elsewhere, "restore", backup)).isZero();
        assertThat(command(elsewhere, "restore", backup))
                .as("a service that holds something is not overwritten")
                .isNotZero();
        try (ServiceProcess restored =
                ServiceProcess.start(elsewhere, ServiceProcess.freePort()).awaitReady()) {
            assertThat(restored.reconcile().get("clean").booleanValue()).isTrue();
            assertThat(Service.json(restored.post("/predict", PREDICT)).get("predictions"))
                    .isEqualTo(before);
            assertThat(restored.get("/api/v1/batch-predictions/" + batch + "/predictions")
                            .body())
                    .isEqualTo(predictions)
                    .startsWith("row,label,predicted");
            assertThat(Service.json(restored.get("/api/v1/models/kept/versions/1/evaluation")))
                    .isEqualTo(evaluation);
            assertThat(restored.train(Service.irisJob("kept", 5))
                            .at("/result/version")
                            .intValue())
                    .isEqualTo(2);
            restored.awaitSuccess(running);
            assertThat(Service.json(restored.get("/api/v1/jobs/" + running + "/metrics"))
                            .get("epochs"))
                    .hasSize(800);
        }
    }

    @Test
    void damagedBackupIsRefused() throws Exception {
        Path backup = folder.resolve("backup");
        Path data = folder.resolve("data");
        try (ServiceProcess service =
                ServiceProcess.start(data, ServiceProcess.freePort()).awaitReady()) {
            service.train(Service.irisJob("kept", 2));
        }
        assertThat(command(data, "backup", backup)).as("of a stopped service").isZero();
        Path file;
        try (var files = Files.walk(backup.resolve("artifacts"))) {
            file = files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, new byte[] {1});
        assertThat(command(folder.resolve("elsewhere"), "restore", backup)).isNotZero();
        Files.write(file, bytes);

        Path table = backup.resolve("database/model_version.csv");
        String rows = Files.readString(table);
        Files.writeString(table, rows.replaceFirst("kept,1,", "kept,2,"));
        assertThat(command(folder.resolve("another"), "restore", backup)).isNotZero();
        Files.writeString(table, rows);

        Path manifest = backup.resolve("manifest.json");
        String kept = Files.readString(manifest);
        Files.writeString(manifest, kept.replace("\"model_version\"", "\"model_version; drop table job\""));
        assertThat(command(folder.resolve("another"), "restore", backup))
                .as("no name of a table is taken from a manifest")
                .isNotZero();
        Files.writeString(manifest, kept);

        assertThat(command(folder.resolve("third"), "restore", backup, "TRAINYARD_ARTIFACTS_DIR", data + "/artifacts"))
                .as("a store that holds something is not shared")
                .isNotZero();
        assertThat(command(folder.resolve("third"), "restore", backup)).isZero();
    }

    private static int command(Path data, String command, Path backup, String... variable) throws Exception {
        Path deserialised = Files.createTempFile("trainyard-command", ".txt");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        FilterProbe.atTheEnd(deserialised),
                        "-jar",
                        System.getProperty("trainyard.jar"),
                        command,
                        backup.toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("TRAINYARD_DATA_DIR", data.toString());
        if (variable.length > 0) {
            builder.environment().put(variable[0], variable[1]);
        }
        Process process = builder.start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(FilterProbe.deserialised(deserialised))
                .as("a command deserialises Java objects")
                .isFalse();
        return process.exitValue();
    }
}
