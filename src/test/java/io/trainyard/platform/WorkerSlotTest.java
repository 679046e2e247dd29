package io.trainyard.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.device.Gpu;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WorkerSlotTest {

    private static final int CORES = 8;
    private static final List<Gpu> TWO = List.of(gpu(0, "GPU-a"), gpu(1, "GPU-b"));

    @Test
    void eachGpuHasAWorkerOfItsOwn() {
        assertThat(slots(null, null, TWO))
                .containsExactly(new WorkerSlot(0, 4, "GPU-a"), new WorkerSlot(1, 4, "GPU-b"));
    }

    @Test
    void aMachineWithoutGpusHasOneWorkerThatSeesWhatItsParentSees() {
        assertThat(slots(null, null, List.of())).containsExactly(new WorkerSlot(0, 8, null));
    }

    @Test
    void workersBeyondTheGpusHaveTheCpu() {
        assertThat(slots(3, null, TWO)).last().isEqualTo(new WorkerSlot(2, 2, ""));
    }

    @Test
    void theNumberAndTheThreadsCanBeGiven() {
        assertThat(slots(0, null, TWO)).isEmpty();
        assertThat(slots(1, 3, TWO)).containsExactly(new WorkerSlot(0, 3, "GPU-a"));
    }

    private static List<WorkerSlot> slots(@Nullable Integer local, @Nullable Integer threads, List<Gpu> gpus) {
        return WorkerSlot.of(new WorkerProperties(local, threads, List.of()), gpus, CORES);
    }

    private static Gpu gpu(int index, String uuid) {
        return new Gpu(index, uuid, "NVIDIA A100", "8.0", 1L << 35, "535.104.05");
    }
}
