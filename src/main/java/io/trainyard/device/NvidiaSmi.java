package io.trainyard.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

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

    private final String command;

    NvidiaSmi(String command) {
        this.command = command;
    }

    /**
     * The machine's GPUs, in the order of the PCI bus; none where there is no driver.
     *
     * @throws IOException when there is a driver but it does not answer as it should, in words for an operator
     */
    List<Gpu> gpus() throws IOException {
        List<Gpu> gpus = new ArrayList<>();
        for (String line : query(PATIENCE_SECONDS, FIELDS)) {
            String[] cells = line.split(", ", -1);
            try {
                gpus.add(new Gpu(
                        Integer.parseInt(cells[0]),
                        cells[1],
                        cells[2],
                        cells[3],
                        Long.parseLong(cells[4]) * MIB,
                        cells[5].strip()));
            } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException unknownForm) {
                throw new IOException(command + " answers in a form that is not known: '" + line + "'", unknownForm);
            }
        }
        return gpus;
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

    private List<String> query(int patience, String fields, String... options) throws IOException {
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
        Process process;
        try {
            process = new ProcessBuilder(line)
                    .redirectErrorStream(true)
                    .redirectOutput(answer.toFile())
                    .start();
        } catch (IOException noDriver) {
            return List.of();
        }
        try {
            if (!process.waitFor(patience, TimeUnit.SECONDS)) {
                throw new IOException(command + " has not answered for " + patience + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(command + " was interrupted", e);
        } finally {
            process.destroyForcibly();
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
}
