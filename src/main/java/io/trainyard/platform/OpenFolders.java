package io.trainyard.platform;

import io.trainyard.file.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Warns of folders that were made by somebody else, or by an earlier release, and that other users of this machine may enter:
 * weights and datasets lie in them.
 */
@Component
class OpenFolders implements InitializingBean {

    private static final Logger log = LoggerFactory.getLogger(OpenFolders.class);
    private static final List<String> SETTINGS = List.of(
            "trainyard.data-dir",
            "trainyard.artifacts.dir",
            "trainyard.uploads.dir",
            "trainyard.datasets.download-dir");

    private final Environment environment;

    OpenFolders(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void afterPropertiesSet() throws IOException {
        List<Path> open = SETTINGS.stream()
                .map(environment::getProperty)
                .filter(Objects::nonNull)
                .map(folder -> Path.of(folder).toAbsolutePath().normalize())
                .filter(Files::isDirectory)
                .flatMap(OpenFolders::ifOpen)
                .toList();
        for (Path folder : open) {
            // What lies below one that is closed, or named already, cannot be reached by others, or is mended with it.
            if (open.stream().noneMatch(other -> !other.equals(folder) && folder.startsWith(other))) {
                log.warn(
                        "other users of this machine may enter {}; to keep them out: chmod -R go= '{}'",
                        folder,
                        folder.toString().replace("'", "'\\''"));
            }
        }
    }

    private static Stream<Path> ifOpen(Path folder) {
        try {
            return PrivateFiles.isOpenToOthers(folder) ? Stream.of(folder) : Stream.empty();
        } catch (IOException | UnsupportedOperationException unknown) {
            log.debug("the permissions of {} are not known", folder, unknown);
            return Stream.empty();
        }
    }
}
