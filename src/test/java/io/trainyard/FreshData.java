package io.trainyard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.jspecify.annotations.Nullable;

/**
 * The data directory of a service that was started once and stopped: a copy of it saves each test what the first start of a
 * service does, which has tests of its own.
 */
final class FreshData {

    private static @Nullable Path template;

    private FreshData() {}

    /** Fills an empty folder; one that holds something stays as it is. */
    static synchronized void copyTo(Path data) throws IOException, InterruptedException {
        try (Stream<Path> files = Files.list(data)) {
            if (files.findAny().isPresent()) {
                return;
            }
        }
        Path from = template;
        if (from == null) {
            from = Files.createTempDirectory("trainyard-fresh");
            Path made = from;
            Runtime.getRuntime().addShutdownHook(new Thread(() -> FileUtils.deleteQuietly(made.toFile())));
            try (ServiceProcess service = ServiceProcess.start(
                    from, ServiceProcess.freePort(), "--trainyard.workers.local=0", "--logging.level.root=error")) {
                service.awaitReady().terminate();
            }
            template = from;
        }
        // With its modes, on which PostgreSQL insists.
        Process copy = new ProcessBuilder("cp", "-a", from + "/.", data.toString())
                .inheritIO()
                .start();
        if (copy.waitFor() != 0) {
            throw new IOException(from + " could not be copied");
        }
    }
}
