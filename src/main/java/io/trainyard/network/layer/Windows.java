package io.trainyard.network.layer;

/** Shape inference of what slides a window over its input. */
final class Windows {

    static final int MAX_FILTERS = 1 << 16;

    private Windows() {}

    static Shape slide2d(
            LayerSpec layer, Shape input, Size2d window, Size2d strides, Size2d dilation, Padding padding, int out) {
        image(layer, input);
        int above = Padding.zeros(input.dimension(0), span(window.height(), dilation.height()), strides.height());
        int beside = Padding.zeros(input.dimension(1), span(window.width(), dilation.width()), strides.width());
        if (padding == Padding.SAME && Math.min(above, beside) < -1 && Math.max(above, beside) > 0) {
            throw new ShapeMismatchException(
                    layer.type()
                            + " has a stride above its window in one direction alone; use padding 'valid' after a zero_padding2d");
        }
        int height = padding.positions(input.dimension(0), span(window.height(), dilation.height()), strides.height());
        int width = padding.positions(input.dimension(1), span(window.width(), dilation.width()), strides.width());
        if (height < 1 || width < 1) {
            throw new ShapeMismatchException("the window of " + layer.type() + ", [" + window.height() + ", "
                    + window.width() + "], does not fit its input of shape " + input
                    + "; make it smaller or set padding to 'same'");
        }
        if ((long) height * width * out > Integer.MAX_VALUE) {
            throw new ShapeMismatchException("the output of " + layer.type() + ", [" + height + ", " + width + ", "
                    + out + "], for its input of shape " + input + " is too large");
        }
        return Shape.of(height, width, out);
    }

    static Shape slide1d(LayerSpec layer, Shape input, int window, int stride, int dilation, Padding padding, int out) {
        sequence(layer, input);
        int steps = padding.positions(input.dimension(0), span(window, dilation), stride);
        if (steps < 1) {
            throw new ShapeMismatchException("the window of " + layer.type() + ", " + window
                    + ", does not fit its input of shape " + input + "; make it smaller or set padding to 'same'");
        }
        return Shape.of(steps, out);
    }

    private static int span(int window, int dilation) {
        return (window - 1) * dilation + 1;
    }

    static Shape image(LayerSpec layer, Shape input) {
        if (!input.isImage()) {
            throw new ShapeMismatchException(
                    layer.type() + " takes [height, width, channels], but its input has shape " + input);
        }
        return input;
    }

    static Shape sequence(LayerSpec layer, Shape input) {
        if (!input.isSequence()) {
            throw new ShapeMismatchException(layer.type() + " takes [steps, features], but its input has shape " + input
                    + "; a reshape can make it one");
        }
        return input;
    }
}
