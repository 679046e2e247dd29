package io.trainyard.engine.onednn;

import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core;
import static org.bytedeco.dnnl.global.dnnl.dnnl_get_effective_cpu_isa;

import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;

/** oneDNN's view of this process's processor. */
final class Cpu {

    static final engine ENGINE = new engine(engine.kind.cpu, 0);
    /** How many channels its fast kernels take at a time. */
    private static final int BLOCK =
            (dnnl_get_effective_cpu_isa() & dnnl_cpu_isa_avx512_core) == dnnl_cpu_isa_avx512_core ? 16 : 8;

    private Cpu() {}

    /** Pictures in the layout of those kernels. */
    static memory.format_tag blockedPictures() {
        return BLOCK == 16 ? memory.format_tag.nChw16c : memory.format_tag.nChw8c;
    }

    /** So many channels, filled up to whole blocks. */
    static int blocks(int channels) {
        return (channels + BLOCK - 1) / BLOCK * BLOCK;
    }
}
