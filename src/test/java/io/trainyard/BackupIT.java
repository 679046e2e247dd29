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
            assertThat(refusal(folder.resolve("data"), "backup", backup)).contains("holds a backup already");
            assertThat(service.get("/api/v1/jobs").statusCode()).isEqualTo(200);
        }

        assertThat(command(elsewhere, "restore", backup)).isZero();
        assertThat(refusal(elsewhere, "restore", backup)).contains("holds jobs or datasets already");
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
        assertThat(refusal(folder.resolve("elsewhere"), "restore", backup)).contains("The backup is damaged");
        Files.write(file, bytes);

        Path table = backup.resolve("database/model_version.csv");
        String rows = Files.readString(table);
        Files.writeString(table, rows.replaceFirst("kept,1,", "kept,2,"));
        assertThat(refusal(folder.resolve("another"), "restore", backup)).contains("The backup is damaged");
        Files.writeString(table, rows);

        Path manifest = backup.resolve("manifest.json");
        String kept = Files.readString(manifest);
        Files.writeString(manifest, kept.replace("\"model_version\"", "\"model_version; drop table job\""));
        assertThat(refusal(folder.resolve("another"), "restore", backup))
                .contains("The backup is not one of this service");
        Files.writeString(manifest, kept);

        Files.writeString(manifest, kept.substring(0, kept.length() / 2));
        assertThat(refusal(folder.resolve("another"), "restore", backup)).contains("manifest.json cannot be read");
        Files.writeString(manifest, kept);

        assertThat(refusal(folder.resolve("third"), "restore", backup, "TRAINYARD_ARTIFACTS_DIR", data + "/artifacts"))
                .contains("holds files already");
        assertThat(command(folder.resolve("third"), "restore", backup)).isZero();
    }

    /** What an operator reads, in a line. */
    private static String refusal(Path data, String command, Path backup, String... variable) throws Exception {
        Path log = Files.createTempFile("trainyard-command", ".log");
        assertThat(command(ProcessBuilder.Redirect.to(log.toFile()), data, command, backup, variable))
                .isNotZero();
        assertThat(log).content().doesNotContain("| \tat ");
        return Files.readString(log);
    }

    private static int command(Path data, String command, Path backup, String... variable) throws Exception {
        return command(ProcessBuilder.Redirect.INHERIT, data, command, backup, variable);
    }

    private static int command(
            ProcessBuilder.Redirect output, Path data, String command, Path backup, String... variable)
            throws Exception {
        Path deserialised = Files.createTempFile("trainyard-command", ".txt");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        FilterProbe.atTheEnd(deserialised),
                        "-jar",
                        System.getProperty("trainyard.jar"),
                        command,
                        backup.toString()))
                .redirectErrorStream(true)
                .redirectOutput(output);
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
