package io.trainyard.device;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings {@code trainyard.device.*}.
 *
 * @param backend what a worker computes on
 * @param nvidiaSmi the driver's command that lists GPUs, found in PATH unless it is a path
 */
@ConfigurationProperties("trainyard.device")
record DeviceProperties(
        @DefaultValue("auto") Preference backend,
        @DefaultValue("nvidia-smi") String nvidiaSmi) {

    /** What an operator wants a worker to compute on. */
    enum Preference {
        /** A GPU where there is one that the jar has code for, else the CPU. */
        AUTO,
        /** The CPU. */
        CPU,
        /** A GPU; a worker that gets none does not start. */
        CUDA
    }
}
