package io.trainyard.modelimport;

import io.trainyard.problem.FieldError;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import io.trainyard.process.SelfCommand;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;

/**
 * Starts this program as a {@link ModelReader}, with none of the service's environment, and ends it when it takes more memory
 * or time than it may. So a hostile file can at worst end that process.
 */
@Component
@Profile("api")
class ReadingProcess {

    private static final Logger log = LoggerFactory.getLogger(ReadingProcess.class);
    private static final int SHARE_OF_HEAP = 3;
    private static final long LOOK_MILLIS = 100;
    private static final long MAX_OUTCOME = 64 << 20;
    /** The status that {@code -XX:+ExitOnOutOfMemoryError} ends a process with. */
    private static final int OUT_OF_MEMORY = 3;

    private static final int MAX_LOGGED = 4000;
    private static final long MAX_LOG = 4 << 20;
    private static final List<String> ENVIRONMENT =
            List.of("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final String LOG = "log";

    private final ImportProperties properties;

    ReadingProcess(ImportProperties properties) {
        this.properties = properties;
    }

    /**
     * Reads the file in a folder.
     *
     * @param inputShape of the rows that the network is to take; null where the file has to say it
     * @return what is known of the network, which lies in the folder too
     * @throws ProblemException INVALID_REQUEST
     */
    Outcome.Facts read(Path folder, @Nullable List<Integer> inputShape) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command(folder, inputShape))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(folder.resolve(LOG).toFile());
        Map<String, String> variables = builder.environment();
        variables.keySet().retainAll(ENVIRONMENT);
        variables.put("OMP_NUM_THREADS", "1");
        variables.put("OMP_WAIT_POLICY", "passive");
        Process process = builder.start();
        try {
            return facts(folder, await(process, folder));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a model was read", e);
        } finally {
            end(process);
        }
    }

    private List<String> command(Path folder, @Nullable List<Integer> inputShape) {
        List<String> arguments = new ArrayList<>(List.of(
                ModelReader.COMMAND,
                folder.toAbsolutePath().toString(),
                String.valueOf(properties.maxFileSize().toBytes())));
        if (inputShape != null) {
            arguments.add(inputShape.toString());
        }
        return SelfCommand.of(
                List.of(
                        "-Xmx" + properties.memory().toBytes() / SHARE_OF_HEAP,
                        "-Dorg.bytedeco.javacpp.maxphysicalbytes="
                                + properties.memory().toBytes(),
                        "-XX:+ExitOnOutOfMemoryError",
                        "-XX:-CreateCoredumpOnCrash",
                        "-XX:ErrorFile=" + folder.resolve("crash").toAbsolutePath(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1"),
                arguments);
    }

    /** Returns its status. */
    private int await(Process process, Path folder) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + properties.timeout().toNanos();
        while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            if (System.nanoTime() - deadline > 0) {
                throw refused("takes longer to be read than "
                        + properties.timeout().toSeconds() + " s (trainyard.imports.timeout)");
            }
            if (Files.size(folder.resolve(LOG)) > MAX_LOG) {
                throw refused("makes the code that reads it complain without end");
            }
            if (resident(process) > properties.memory().toBytes()) {
                throw outOfMemory();
            }
        }
        if (process.exitValue() == OUT_OF_MEMORY) {
            throw outOfMemory();
        }
        return process.exitValue();
    }

    private ProblemException outOfMemory() {
        return refused("takes more memory to be read than "
                + properties.memory().toMegabytes() + " MB (trainyard.imports.memory)");
    }

    /** The memory that a process has, in bytes; 0 when it has ended. */
    private static long resident(Process process) {
        try {
            Matcher found =
                    RESIDENT.matcher(Files.readString(Path.of("/proc", String.valueOf(process.pid()), "status")));
            return found.find() ? 1024 * Long.parseLong(found.group(1)) : 0;
        } catch (IOException ended) {
            return 0;
        }
    }

    private static Outcome.Facts facts(Path folder, int status) throws IOException {
        Path written = folder.resolve(ModelReader.OUTCOME);
        if (status != 0 || !Files.exists(written) || Files.size(written) > MAX_OUTCOME) {
            log.warn("the process that read a model ended with status {}: {}", status, logged(folder));
            throw refused("cannot be read: the process that tried it ended with status " + status);
        }
        Outcome outcome;
        try {
            outcome = ModelReader.JSON.readValue(Files.readString(written), Outcome.class);
        } catch (JacksonException torn) {
            throw new IOException("what is known of a model cannot be read", torn);
        }
        if (outcome.facts() != null) {
            return outcome.facts();
        }
        if (outcome.refusal() == null) {
            throw new IOException("nothing is known of a model");
        }
        log.info("a model is refused: {} {}", outcome.refusal().detail(), logged(folder));
        throw outcome.refusal().field().equals(ModelReader.INPUT_SHAPE)
                ? problem("/spec/" + ModelReader.INPUT_SHAPE, outcome.refusal().detail())
                : refused(outcome.refusal().detail());
    }

    private static String logged(Path folder) throws IOException {
        try (InputStream in = Files.newInputStream(folder.resolve(LOG))) {
            // Native code writes what it likes.
            return new String(in.readNBytes(MAX_LOGGED), StandardCharsets.UTF_8);
        }
    }

    private static ProblemException refused(String detail) {
        return problem("file", detail);
    }

    static ProblemException problem(String pointer, String detail) {
        return new ProblemException(
                ProblemType.INVALID_REQUEST, pointer + ": " + detail, List.of(new FieldError(pointer, detail)));
    }

    private static void end(Process process) {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
