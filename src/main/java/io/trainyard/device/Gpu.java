package io.trainyard.device;

/**
 * One of NVIDIA's devices.
 *
 * @param index among the machine's, in the order of the PCI bus
 * @param uuid NVIDIA's name for this very device, such as {@code GPU-8a56…}
 * @param computeCapability such as {@code 8.6}
 * @param memoryBytes that it has
 * @param driver its version
 */
public record Gpu(int index, String uuid, String name, String computeCapability, long memoryBytes, String driver) {

    @Override
    public String toString() {
        return "GPU " + index + ", " + name + " (compute capability " + computeCapability + ")";
    }
}
