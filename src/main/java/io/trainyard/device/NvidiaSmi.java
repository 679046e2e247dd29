package io.trainyard.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The command that comes with NVIDIA's driver. It is there wherever a GPU can be used, containers included (the driver
 * capability {@code utility}), and a driver that hangs or crashes takes a process of its own with it.
 *
 * @see <a href="https://docs.nvidia.com/deploy/nvidia-smi/">nvidia-smi</a>
 */
final class NvidiaSmi {

    /** A driver that keeps no state may have to start the device first. */
    private static final int PATIENCE_SECONDS = 20;
    /** With a figure that is asked for again and again. */
    private static final int PATIENCE_WITH_FIGURES_SECONDS = 3;

    /** The status of a query that finds no device. */
    private static final int NO_DEVICE = 6;

    private static final long MIB = 1 << 20;
    private static final String FIELDS = "index,uuid,name,compute_cap,memory.total,driver_version";

    private static final String NO_SUCH_FILE = "error=2,";
    private static final Logger log = LoggerFactory.getLogger(NvidiaSmi.class);

    private final String command;
    /** The last one, which has not answered if it is still there. */
    private @Nullable Process unanswered;

    NvidiaSmi(String command) {
        this.command = command;
    }

    /**
     * The machine's GPUs, in the order of the PCI bus; none where there is no driver. One of which the driver does not tell
     * what it should is left out, with a warning: it must not take the others with it.
     *
     * @throws IOException when there is a driver but it does not answer as it should, in words for an operator
     */
    List<Gpu> gpus() throws IOException {
        List<String> lines = query(PATIENCE_SECONDS, FIELDS);
        List<Gpu> gpus = new ArrayList<>();
        for (String line : lines) {
            try {
                gpus.add(gpu(line.split(", ", -1)));
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException unknownForm) {
                log.warn("{} tells of a GPU in a form that is not known: '{}'", command, line);
            }
        }
        if (gpus.isEmpty() && !lines.isEmpty()) {
            throw new IOException(command + " answers in a form that is not known: '" + lines.get(0) + "'");
        }
        return gpus;
    }

    private static Gpu gpu(String[] cells) {
        return new Gpu(
                Integer.parseInt(cells[0]),
                cells[1],
                cells[2],
                cells[3],
                Long.parseLong(cells[4]) * MIB,
                cells[5].strip());
    }

    /** Bytes of a GPU's memory that are in use, by whomever; empty when the driver does not say. */
    OptionalLong usedBytes(String uuid) {
        try {
            List<String> lines = query(PATIENCE_WITH_FIGURES_SECONDS, "memory.used", "--id=" + uuid);
            return lines.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(lines.get(0)) * MIB);
        } catch (IOException | NumberFormatException untold) {
            return OptionalLong.empty();
        }
    }

    private synchronized List<String> query(int patience, String fields, String... options) throws IOException {
        if (unanswered != null && unanswered.isAlive()) {
            // A process that hangs in the kernel cannot be ended; there shall not be another each time.
            throw new IOException(command + " still hangs");
        }
        List<String> line = new ArrayList<>(List.of(command, "--query-gpu=" + fields, "--format=csv,noheader,nounits"));
        line.addAll(List.of(options));
        Path answer = Files.createTempFile("nvidia-smi", ".csv");
        try {
            return lines(line, answer, patience);
        } finally {
            Files.delete(answer);
        }
    }

    /** By a file: a pipe would have to be read while the process may hang. */
    private List<String> lines(List<String> line, Path answer, int patience) throws IOException {
        Optional<Process> started = start(line, answer);
        if (started.isEmpty()) {
            return List.of();
        }
        Process process = started.get();
        try {
            if (!process.waitFor(patience, TimeUnit.SECONDS)) {
                throw new IOException(command + " has not answered for " + patience + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(command + " was interrupted", e);
        } finally {
            process.destroyForcibly();
            unanswered = process;
        }
        List<String> lines = Files.readString(answer, StandardCharsets.ISO_8859_1)
                .lines()
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .toList();
        if (process.exitValue() == NO_DEVICE) {
            return List.of();
        }
        if (process.exitValue() != 0) {
            throw new IOException(
                    command + " ended with status " + process.exitValue() + ": " + String.join(" ", lines));
        }
        return lines;
    }

    /** Empty where there is no such command in PATH, as there is none without a driver. */
    private Optional<Process> start(List<String> line, Path answer) throws IOException {
        try {
            return Optional.of(new ProcessBuilder(line)
                    .redirectErrorStream(true)
                    .redirectOutput(answer.toFile())
                    .start());
        } catch (IOException failure) {
            if (!command.contains("/") && String.valueOf(failure.getMessage()).contains(NO_SUCH_FILE)) {
                return Optional.empty();
            }
            throw new IOException(command + " cannot be started: " + failure.getMessage(), failure);
        }
    }
}
