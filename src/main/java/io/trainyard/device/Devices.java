package io.trainyard.device;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** The facade of this module: who computes on what. */
@Component
public class Devices {

    /** Sets which GPUs a process sees; a UUID, since CUDA numbers them in another order than the driver's command does. */
    public static final String VISIBLE = VisibleDevices.VARIABLE;

    private static final Logger log = LoggerFactory.getLogger(Devices.class);

    private final DeviceProperties properties;
    private final NvidiaSmi nvidiaSmi;
    private final boolean cudaInJar;
    private final @Nullable String visible;

    @Autowired
    Devices(DeviceProperties properties) {
        this(properties, CudaBackend.isInJar(), System.getenv(VisibleDevices.VARIABLE));
    }

    /** @param visible the value of {@link #VISIBLE}; null where it is not set */
    Devices(DeviceProperties properties, boolean cudaInJar, @Nullable String visible) {
        this.properties = properties;
        this.nvidiaSmi = new NvidiaSmi(properties.nvidiaSmi());
        this.cudaInJar = cudaInJar;
        this.visible = visible;
    }

    /** GPUs that workers on this machine can train on, in the order of the PCI bus or as {@link #VISIBLE} has them. */
    public List<Gpu> usable() {
        if (!cudaInJar || properties.backend() == DeviceProperties.Preference.CPU) {
            return List.of();
        }
        try {
            return VisibleDevices.of(nvidiaSmi.gpus(), visible).stream()
                    .filter(CudaBackend::hasCodeFor)
                    .toList();
        } catch (IOException driverFails) {
            log.warn("NVIDIA's driver fails, so no worker gets a GPU: {}", driverFails.getMessage());
            return List.of();
        }
    }

    /**
     * What this process, a worker, is to compute on: the first GPU that it sees, if the backend has code for it.
     *
     * @throws NoGpuException when it is to have a GPU, and there is none for it
     */
    public Placement placement() {
        return switch (properties.backend()) {
            case CPU -> Placement.CPU;
            case AUTO -> found();
            case CUDA -> required(found());
        };
    }

    /** Bytes of a GPU's memory that are in use, by whomever; empty when the driver does not say. */
    public OptionalLong usedBytes(Gpu gpu) {
        return nvidiaSmi.usedBytes(gpu.uuid());
    }

    /** Of a placement on a GPU that did not come to be: on the CPU after all, or not at all. */
    public Placement without(Gpu gpu, String reason) {
        String warning = gpu + " is not used: " + reason;
        Placement cpu = new Placement(null, warning);
        return properties.backend() == DeviceProperties.Preference.CUDA ? required(cpu) : cpu;
    }

    private Placement found() {
        List<Gpu> all;
        try {
            all = nvidiaSmi.gpus();
        } catch (IOException driverFails) {
            // Without the backend it is nothing that anybody misses.
            return cudaInJar
                    ? new Placement(null, "NVIDIA's driver fails: " + driverFails.getMessage())
                    : Placement.CPU;
        }
        List<Gpu> seen = VisibleDevices.of(all, visible);
        if (seen.isEmpty()) {
            return Placement.CPU;
        }
        if (!cudaInJar) {
            return new Placement(
                    null,
                    names(seen) + " not used: this jar is built without CUDA (./mvnw -Pcuda -DskipTests package)");
        }
        // A process sees them in this order, and takes the first.
        Gpu first = seen.get(0);
        if (!CudaBackend.hasCodeFor(first)) {
            return new Placement(
                    null,
                    first + " is not used: the CUDA backend has code for compute capabilities "
                            + CudaBackend.generations()
                            + " and later ones of the same generations, and for none after them");
        }
        return new Placement(first, null);
    }

    private Placement required(Placement placement) {
        if (placement.gpu() == null) {
            String why = placement.warning();
            throw new NoGpuException("trainyard.device.backend is cuda, but "
                    + (why != null
                            ? why
                            : "no GPU is there" + (visible != null ? " (" + VISIBLE + "=" + visible + ")" : "")));
        }
        return placement;
    }

    private static String names(List<Gpu> gpus) {
        return gpus.stream().map(Gpu::toString).collect(Collectors.joining("; ")) + (gpus.size() == 1 ? " is" : " are");
    }
}
