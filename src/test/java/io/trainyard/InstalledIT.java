package io.trainyard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as ./install and the images have it: unpacked, with an archive of classes. */
class InstalledIT {

    @TempDir
    Path folder;

    /** Say, of another Java: then it starts as fast as without, and that is all. */
    @Test
    void aDamagedArchiveStopsNothingAndWorkersAreStartedAsTheApiWas() throws Exception {
        Path app = folder.resolve("app");
        Process unpacking = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djarmode=tools",
                        "-jar",
                        System.getProperty("trainyard.jar"),
                        "extract",
                        "--destination",
                        app.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        assertThat(unpacking.waitFor()).isZero();
        Path archive = Files.writeString(folder.resolve("trainyard.jsa"), "not an archive");
        String option = "-XX:SharedArchiveFile=" + archive;

        Path jar = app.resolve("trainyard.jar");
        try (ServiceProcess service = ServiceProcess.startJar(
                        jar, folder.resolve("data"), ServiceProcess.freePort(), Map.of("JAVA_TOOL_OPTIONS", option))
                .awaitReady()) {
            assertThat(service.workers()).singleElement().satisfies(worker -> assertThat(
                            worker.info().arguments().map(List::of).orElseThrow())
                    .contains(option)
                    .containsSubsequence("-jar", jar.toString(), "--trainyard.role=worker"));
            service.train(Service.irisJob("installed", 2));
        }
    }
}
