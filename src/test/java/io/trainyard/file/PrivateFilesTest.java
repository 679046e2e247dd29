package io.trainyard.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.env.Environment;

/** What the service keeps is for its user alone, on a machine where others have accounts. */
class PrivateFilesTest {

    private static final Service service = Service.shared();

    @TempDir
    Path folder;

    /** A job that is paused has checkpoints, and its dataset is in the store. */
    @Test
    void whatTheServiceKeepsNobodyElseReads() throws IOException {
        String job = service.submit(Service.irisJob("private-files", 100_000));
        service.await(job, "RUNNING");
        service.post("/api/v1/jobs/" + job + "/pause", "");
        service.await(job, "PAUSED");
        Path data =
                Path.of(Objects.requireNonNull(service.bean(Environment.class).getProperty("trainyard.data-dir")));
        try (Stream<Path> top = Files.list(data);
                Stream<Path> artifacts = Files.walk(data.resolve("artifacts"))) {
            List<Path> files = new ArrayList<>(Stream.concat(top, artifacts).toList());
            assertThat(files)
                    .contains(
                            data.resolve("postgres"),
                            data.resolve("postgres.password"),
                            data.resolve("trainyard.lock"),
                            data.resolve("uploads"),
                            data.resolve("artifacts/checkpoints/" + job))
                    .filteredOn(Files::isRegularFile)
                    .hasSizeGreaterThan(4);
            // PostgreSQL's programs, which are everybody's, are unpacked as their library likes it.
            files.remove(data.resolve("postgres-binaries"));
            assertThat(files).allSatisfy(file -> assertThat(PrivateFiles.isOpenToOthers(file))
                    .as(file.toString())
                    .isFalse());
        } finally {
            service.post("/api/v1/jobs/" + job + "/cancel", "");
        }
    }

    @Test
    void whatIsThereKeepsTheModeThatItsOwnerGaveIt() throws IOException {
        Path above = Files.createDirectory(folder.resolve("above"));
        Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path made = PrivateFiles.createDirectories(above.resolve("within/it"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(above)))
                .isEqualTo("rwxr-xr-x");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made.getParent())))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                .isEqualTo("rwx------");
    }
}
