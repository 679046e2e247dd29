package io.trainyard.engine;

import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.device.Gpu;
import org.jspecify.annotations.Nullable;

/**
 * What a process computes on.
 *
 * @param name of the processor, or of the GPU
 * @param backend ND4J's: CPU or CUDA
 * @param threads inside one operation, at most
 * @param memoryBytes of the machine or device
 * @param onednn whether DL4J's convolutions really use oneDNN, which is the CPU's; without it training there is about seven times
 *     slower
 * @param gpu that it computes on; null for the CPU
 * @param warning why it computes on something else than there is or was wanted
 */
public record Device(
        @Schema(example = "AMD EPYC 9R14") String name,
        @Schema(example = "CPU") String backend,
        @Schema(example = "2") int threads,
        long memoryBytes,
        boolean onednn,
        @Nullable Gpu gpu,
        @Nullable String warning) {}
