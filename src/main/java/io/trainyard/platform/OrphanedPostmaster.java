package io.trainyard.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * After {@code kill -9} of this program its PostgreSQL lives on. Whoever holds the data directory's lock may stop it, and
 * must before starting another on the same files.
 */
final class OrphanedPostmaster {

    private static final Logger log = LoggerFactory.getLogger(OrphanedPostmaster.class);
    private static final Duration STOP_WAIT = Duration.ofSeconds(30);

    private OrphanedPostmaster() {}

    /** Stops the PostgreSQL that runs on this cluster directory, if one does; nothing committed is lost. */
    static void stop(Path cluster) throws IOException {
        Optional<ProcessHandle> orphan = find(cluster);
        if (orphan.isEmpty()) {
            return;
        }
        log.info(
                "stopping the PostgreSQL of an earlier run, process {}",
                orphan.get().pid());
        // INT is PostgreSQL's fast shutdown, QUIT its immediate one, after which the next start recovers from the log.
        if (!signal(orphan.get(), "INT") && !signal(orphan.get(), "QUIT")) {
            throw new IOException("process " + orphan.get().pid() + ", PostgreSQL on " + cluster + ", does not stop");
        }
    }

    /** Waits for the end of what a postmaster that was killed has left; they hold the memory that the next one needs. */
    static void awaitBackends(Path cluster) {
        List<ProcessHandle> backends = ProcessHandle.allProcesses()
                .filter(process -> worksIn(process, cluster))
                .toList();
        for (ProcessHandle backend : backends) {
            try {
                backend.onExit().get(STOP_WAIT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException busy) {
                backend.destroyForcibly();
            } catch (ExecutionException e) {
                log.warn("process {} of PostgreSQL cannot be waited for", backend.pid(), e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** The PostgreSQL that runs on this cluster directory. */
    static Optional<ProcessHandle> find(Path cluster) throws IOException {
        Path pidFile = cluster.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(pidFile);
        try {
            return ProcessHandle.of(Long.parseLong(lines.get(0).strip()))
                    // A process id can be reused; PostgreSQL's postmaster works in its cluster's directory.
                    .filter(process -> worksIn(process, cluster));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    private static boolean worksIn(ProcessHandle process, Path cluster) {
        try {
            return Files.isSameFile(Path.of("/proc", String.valueOf(process.pid()), "cwd"), cluster);
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns whether the process ended. */
    private static boolean signal(ProcessHandle process, String signal) throws IOException {
        new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            process.onExit().get(STOP_WAIT.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return !process.isAlive();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
