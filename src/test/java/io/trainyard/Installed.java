package io.trainyard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.springframework.util.FileSystemUtils;

/** The program as {@code ./install} leaves it. Its processes start in half the time of those of a jar. */
final class Installed {

    private static final Path FOLDER = install(Path.of(System.getProperty("trainyard.jar")));

    private Installed() {}

    /** The command that starts the installed program; it is installed once a run. */
    static Path command() {
        return FOLDER.resolve("trainyard");
    }

    private static Path install(Path jar) {
        Path folder = jar.resolveSibling("installed");
        try {
            FileSystemUtils.deleteRecursively(folder);
            ProcessBuilder builder = new ProcessBuilder(
                            Path.of("install").toAbsolutePath().toString(), folder.toString(), jar.toString())
                    .inheritIO();
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            if (builder.start().waitFor() != 0) {
                throw new AssertionError("./install failed");
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
