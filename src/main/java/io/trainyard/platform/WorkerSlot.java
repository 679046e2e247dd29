package io.trainyard.platform;

import io.trainyard.device.Gpu;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One local worker's place on this machine, which it keeps however often it is started again.
 *
 * @param number from 0
 * @param threads inside one operation
 * @param visibleDevices the GPUs that it may see, as CUDA wants them named; empty for none, null for what the API process sees
 */
record WorkerSlot(int number, int threads, @Nullable String visibleDevices) {

    /**
     * One for each GPU, else one; or as many as are wanted. Those for which no GPU is left have the CPU.
     *
     * @param gpus that this machine's workers can train on
     * @param cores of the machine, shared among them
     */
    static List<WorkerSlot> of(WorkerProperties properties, List<Gpu> gpus, int cores) {
        int workers = Optional.ofNullable(properties.local()).orElse(Math.max(1, gpus.size()));
        int threads = Optional.ofNullable(properties.threads()).orElse(Math.max(1, cores / Math.max(1, workers)));
        return IntStream.range(0, workers)
                .mapToObj(number -> new WorkerSlot(number, threads, visibleDevices(number, gpus)))
                .toList();
    }

    private static @Nullable String visibleDevices(int number, List<Gpu> gpus) {
        if (gpus.isEmpty()) {
            return null;
        }
        return number < gpus.size() ? gpus.get(number).uuid() : "";
    }
}
