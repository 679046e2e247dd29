package io.trainyard.engine;

import io.swagger.v3.oas.annotations.media.Schema;

/**
 * What a process computes on.
 *
 * @param name of the processor
 * @param backend ND4J's: CPU or CUDA
 * @param threads inside one operation
 * @param memoryBytes of the machine or device
 * @param onednn whether DL4J's convolutions really use oneDNN; without it training is about seven times slower
 */
public record Device(
        @Schema(example = "AMD EPYC 9R14") String name,
        @Schema(example = "CPU") String backend,
        @Schema(example = "2") int threads,
        long memoryBytes,
        boolean onednn) {}
