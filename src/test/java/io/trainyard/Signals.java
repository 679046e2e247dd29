package io.trainyard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Processes that tests do harm to. */
final class Signals {

    private Signals() {}

    /**
     * @param signal such as {@code STOP}
     */
    static void send(ProcessHandle process, String signal) throws InterruptedException {
        assertThat(run("kill", "-" + signal, String.valueOf(process.pid()))).isZero();
    }

    /** Runs a command; returns its exit status, or −1 where there is no such program. */
    static int run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException none) {
            return -1;
        }
    }

    /** The first process of the PostgreSQL on a data folder. */
    static ProcessHandle postmaster(Path cluster) throws IOException {
        long pid = Long.parseLong(
                Files.readAllLines(cluster.resolve("postmaster.pid")).get(0).strip());
        return ProcessHandle.of(pid).orElseThrow();
    }
}
