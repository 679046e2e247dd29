package io.trainyard.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which GPUs a process may use, as CUDA reads it from {@value #VARIABLE}: indices and UUIDs, or their beginnings, in the order in
 * which they are to be numbered; what comes after the first that names none does not count (CUDA C++ Programming Guide, "CUDA
 * Environment Variables"). Of a GPU that is shared out as MIG devices its parts are named, which {@code nvidia-smi} lists apart:
 * they are none of the machine's GPUs.
 */
final class VisibleDevices {

    static final String VARIABLE = "CUDA_VISIBLE_DEVICES";

    private VisibleDevices() {}

    static List<Gpu> of(List<Gpu> gpus, @Nullable String value) {
        if (value == null) {
            return gpus;
        }
        List<Gpu> visible = new ArrayList<>();
        for (String name : value.split(",", -1)) {
            Optional<Gpu> named = named(gpus, name.strip());
            if (named.isEmpty()) {
                break;
            }
            visible.add(named.get());
        }
        return visible;
    }

    private static Optional<Gpu> named(List<Gpu> gpus, String name) {
        if (name.matches("\\d{1,4}")) {
            int index = Integer.parseInt(name);
            return gpus.stream().filter(gpu -> gpu.index() == index).findFirst();
        }
        List<Gpu> begun = name.startsWith("GPU-")
                ? gpus.stream().filter(gpu -> gpu.uuid().startsWith(name)).toList()
                : List.of();
        return begun.size() == 1 ? Optional.of(begun.get(0)) : Optional.empty();
    }
}
