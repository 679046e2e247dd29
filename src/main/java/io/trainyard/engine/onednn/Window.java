package io.trainyard.engine.onednn;

import io.trainyard.network.layer.Padding;
import io.trainyard.network.layer.Shape;
import io.trainyard.network.layer.Size2d;

/** How a window slides: strides, dilation and padding of height and width, as oneDNN counts them. */
record Window(long[] size, long[] strides, long[] dilation, long[] before, long[] after) {

    static Window of(Shape shape, Size2d size, Size2d strides, Size2d dilation, Padding padding) {
        int height = shape.isImage() ? shape.dimension(0) : 1;
        int width = shape.isImage() ? shape.dimension(1) : shape.dimension(0);
        boolean same = padding == Padding.SAME;
        int rows = same ? zeros(height, size.height(), dilation.height(), strides.height()) : 0;
        int columns = same ? zeros(width, size.width(), dilation.width(), strides.width()) : 0;
        return new Window(
                longs(size),
                longs(strides),
                new long[] {dilation.height() - 1, dilation.width() - 1},
                new long[] {rows / 2, columns / 2},
                new long[] {rows - rows / 2, columns - columns / 2});
    }

    /** The sizes of what it gives, with so many channels. */
    long[] result(long[] from, long channels) {
        return new long[] {from[0], channels, positions(from, 0), positions(from, 1)};
    }

    private long positions(long[] from, int axis) {
        long span = (size[axis] - 1) * (dilation[axis] + 1) + 1;
        return (from[axis + 2] + before[axis] + after[axis] - span) / strides[axis] + 1;
    }

    private static int zeros(int input, int window, int dilation, int stride) {
        return Math.max(0, Padding.zeros(input, (window - 1) * dilation + 1, stride));
    }

    private static long[] longs(Size2d size) {
        return new long[] {size.height(), size.width()};
    }
}
