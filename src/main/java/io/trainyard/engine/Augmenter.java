package io.trainyard.engine;

import io.trainyard.network.Augmentation;
import io.trainyard.network.layer.Shape;
import java.util.SplittableRandom;

/**
 * Turns, shifts, zooms and flips pictures at random. Each is one affine map about the centre, read with bilinear
 * interpolation, as Keras' ImageDataGenerator does.
 */
final class Augmenter {

    private final Augmentation settings;
    private final int height;
    private final int width;
    private final int channels;
    private final float[] original;

    /**
     * @param picture {@code [height, width, channels]}
     */
    Augmenter(Augmentation settings, Shape picture) {
        this.settings = settings;
        this.height = picture.dimension(0);
        this.width = picture.dimension(1);
        this.channels = picture.dimension(2);
        this.original = new float[picture.size()];
    }

    /** Changes the picture that begins at {@code offset}. */
    void change(float[] values, int offset, SplittableRandom random) {
        double angle = Math.toRadians(either(random, settings.rotationRange()));
        double down = either(random, settings.heightShiftRange()) * height;
        double right = either(random, settings.widthShiftRange()) * width;
        double zoomY = 1 + either(random, settings.zoomRange());
        double zoomX = 1 + either(random, settings.zoomRange());
        boolean mirror = random.nextBoolean() && settings.horizontalFlip();
        boolean upsideDown = random.nextBoolean() && settings.verticalFlip();
        System.arraycopy(values, offset, original, 0, original.length);
        double cos = StrictMath.cos(angle);
        double sin = StrictMath.sin(angle);
        double middleY = (height - 1) / 2.0;
        double middleX = (width - 1) / 2.0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double dy = ((upsideDown ? height - 1 - y : y) - middleY) * zoomY;
                double dx = ((mirror ? width - 1 - x : x) - middleX) * zoomX;
                double fromY = cos * dy - sin * dx + middleY + down;
                double fromX = sin * dy + cos * dx + middleX + right;
                int target = offset + (y * width + x) * channels;
                for (int c = 0; c < channels; c++) {
                    values[target + c] = (float) read(fromY, fromX, c);
                }
            }
        }
    }

    /** Uniform in ±range. */
    private static double either(SplittableRandom random, double range) {
        return (2 * random.nextDouble() - 1) * range;
    }

    private double read(double y, double x, int channel) {
        int top = (int) Math.floor(y);
        int left = (int) Math.floor(x);
        double below = y - top;
        double beside = x - left;
        double upper = pixel(top, left, channel) * (1 - beside) + pixel(top, left + 1, channel) * beside;
        double lower = pixel(top + 1, left, channel) * (1 - beside) + pixel(top + 1, left + 1, channel) * beside;
        return upper * (1 - below) + lower * below;
    }

    private double pixel(int y, int x, int channel) {
        if (settings.fillMode() == Augmentation.FillMode.CONSTANT && (y < 0 || y >= height || x < 0 || x >= width)) {
            return 0;
        }
        int row = Math.max(0, Math.min(height - 1, y));
        int column = Math.max(0, Math.min(width - 1, x));
        return original[(row * width + column) * channels + channel];
    }
}
