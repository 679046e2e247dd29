package io.trainyard.engine.onednn;

import java.lang.ref.Reference;
import java.util.Arrays;
import org.bytedeco.dnnl.memory;

/** Descriptions of arrays of floats. oneDNN's order of dimensions is rows, channels, height, width; and steps, rows, features. */
final class Layouts {

    private static final memory.data_type FLOAT = memory.data_type.f32;

    private Layouts() {}

    static memory.desc of(memory.format_tag tag, long... dims) {
        return new memory.desc(dims, FLOAT, tag);
    }

    /** Left to a primitive to choose. */
    static memory.desc any(long... dims) {
        return of(memory.format_tag.any, dims);
    }

    /** Without gaps, the last dimension without steps between its values. */
    static memory.desc rowMajor(long... dims) {
        long[] strides = new long[dims.length];
        long stride = 1;
        for (int i = dims.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= dims[i];
        }
        return strided(dims, strides);
    }

    /** Rows of pictures with the channels last. */
    static memory.desc channelsLast(long rows, long channels, long height, long width) {
        return of(memory.format_tag.nhwc, rows, channels, height, width);
    }

    static memory.desc strided(long[] dims, long[] strides) {
        return new memory.desc(dims, FLOAT, strides);
    }

    static long[] dims(memory.desc layout) {
        long[] dims = new long[layout.data().ndims()];
        layout.dims().get(dims);
        return dims;
    }

    /** The same bytes, of which only so many along each dimension are values; the rest fills blocks up. */
    static memory.desc used(memory.desc layout, long... dims) {
        if (Arrays.equals(dims(layout), dims)) {
            return layout;
        }
        if (dims.length == 1) {
            return rowMajor(dims);
        }
        memory.desc used;
        try {
            used = new memory.desc(layout.data());
        } finally {
            // Its bytes are copied.
            Reference.reachabilityFence(layout);
        }
        used.data().dims().put(dims, 0, dims.length);
        return used;
    }

    static long bytes(memory.desc layout) {
        return layout.get_size();
    }
}
