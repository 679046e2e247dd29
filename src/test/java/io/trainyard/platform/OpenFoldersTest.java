package io.trainyard.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.file.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** Whoever lets others into the folders of the service is told so, and how to keep them out. */
@ExtendWith(OutputCaptureExtension.class)
class OpenFoldersTest {

    @TempDir
    Path folder;

    @Test
    void anOpenFolderIsNamedWithTheCommandThatMendsIt(CapturedOutput output) throws Exception {
        Path data = PrivateFiles.createDirectories(folder.resolve("it's data"));
        Path artifacts = PrivateFiles.createDirectories(data.resolve("artifacts"));
        open(artifacts, "rwxr-x---");
        check(data, artifacts);
        assertThat(output).contains("other users of this machine may enter " + artifacts);

        open(data, "rwxr-xr-x");
        check(data, artifacts);
        String said = output.getAll();
        assertThat(said)
                .as("the folder above once, not the one below again")
                .containsOnlyOnce("may enter " + artifacts)
                .containsOnlyOnce("may enter " + data + ";");

        String command =
                said.substring(said.lastIndexOf("chmod")).lines().findFirst().orElseThrow();
        assertThat(new ProcessBuilder("sh", "-c", command).start().waitFor()).isZero();
        assertThat(PrivateFiles.isOpenToOthers(data)).isFalse();
        assertThat(PrivateFiles.isOpenToOthers(artifacts)).isFalse();
    }

    @Test
    void foldersOfOurOwnAreNot(CapturedOutput output) throws IOException {
        Path data = PrivateFiles.createDirectories(folder.resolve("data"));
        check(data, PrivateFiles.createDirectories(data.resolve("artifacts")));
        assertThat(output).doesNotContain("other users");
    }

    private static void open(Path folder, String permissions) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
    }

    private static void check(Path data, Path artifacts) throws IOException {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "test",
                        Map.of(
                                "trainyard.data-dir",
                                data.toString(),
                                "trainyard.artifacts.dir",
                                artifacts.toString())));
        new OpenFolders(environment).afterPropertiesSet();
    }
}
