package io.trainyard.encoding;

import io.trainyard.problem.InvalidFieldException;
import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.RenderingHints;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * A picture file as a row of pixels, the same in datasets and in predictions: PNG or JPEG, known by its content, grey or in
 * colour. What is transparent is black; another size is stretched to the row's, by area averaging where both sides shrink,
 * else bilinearly; colours become grey where a row has one channel, by the luma of ITU-R BT.601, rounded to the nearest whole
 * number.
 */
public final class Picture {

    /** A small file can unfold to more memory than there is. */
    private static final long MAX_PIXELS = 16_000_000;

    /** Progressive files have ten or so; what else holds a marker's two bytes by chance is counted too. */
    private static final int MAX_SCANS = 2000;

    private static final long LARGE = 1_000_000;
    private static final ReentrantLock DECODING = new ReentrantLock();
    private static final Set<String> FORMATS = Set.of("png", "JPEG");
    private static final int MAX_SAMPLE = 255;

    private Picture() {}

    /**
     * @param file the bytes of the file
     * @throws InvalidFieldException when it is no picture, or the model takes none
     * @throws IOException when the stream fails
     */
    public static Instance read(InputStream file, Encoding encoding) throws IOException {
        if (!(encoding instanceof PixelEncoding pixels) || pixels.inputShape().size() != 3) {
            throw new InvalidFieldException("", "is a picture, but the model takes none");
        }
        int height = pixels.inputShape().get(0);
        int width = pixels.inputShape().get(1);
        int channels = pixels.inputShape().get(2);
        if (channels != 1 && channels != 3) {
            throw new InvalidFieldException("", "is a picture, but the model's rows have " + channels + " channels");
        }
        byte[] samples = samples(file.readAllBytes(), height, width, channels, MAX_PIXELS);
        float[] values = new float[samples.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = scaled(samples[i] & MAX_SAMPLE, pixels);
        }
        return new Instance.Values(values, List.of(height, width, channels));
    }

    /**
     * The pixels of a picture, each sample an unsigned byte: [height, width, channels].
     *
     * @param file the bytes of the file
     * @param channels 1 for grey, or 3 for red, green and blue
     * @param maxPixels that a picture may have; one with more is refused before it is decoded
     * @throws InvalidFieldException when it is no picture, or too large
     */
    public static byte[] samples(byte[] file, int height, int width, int channels, long maxPixels) {
        if (Jpeg.scans(file) > MAX_SCANS) {
            throw new InvalidFieldException("", "is a JPEG of more than " + MAX_SCANS + " scans");
        }
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(Png.withoutTexts(file)))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            while (readers.hasNext()) {
                ImageReader reader = readers.next();
                if (FORMATS.contains(reader.getFormatName())) {
                    return samples(decode(reader, in, width, height, maxPixels), channels);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory cannot be read", e);
        }
        throw new InvalidFieldException("", "is neither PNG nor JPEG");
    }

    private static byte[] samples(int[] colors, int channels) {
        byte[] samples = new byte[colors.length * channels];
        int count = 0;
        for (int rgb : colors) {
            if (channels == 1) {
                samples[count++] = (byte) luma(rgb);
            } else {
                samples[count++] = (byte) (rgb >> 16);
                samples[count++] = (byte) (rgb >> 8);
                samples[count++] = (byte) rgb;
            }
        }
        return samples;
    }

    /** The colours of a picture that was brought to a size. */
    private static int[] decode(ImageReader reader, ImageInputStream in, int width, int height, long maxPixels) {
        try {
            reader.setInput(in, true, true);
            long pixels = Math.multiplyFull(reader.getWidth(0), reader.getHeight(0));
            if (pixels > maxPixels) {
                throw new InvalidFieldException("", "has " + pixels + " pixels; at most " + maxPixels + " are taken");
            }
            return pixels > LARGE ? alone(reader, width, height) : decode(reader, width, height);
        } catch (InvalidFieldException tooLarge) {
            throw tooLarge;
        } catch (IOException | RuntimeException damaged) {
            // The class library's decoders throw many kinds, of color profiles and array bounds among them.
            throw new InvalidFieldException("", "is damaged, or of a kind of picture that is not read");
        } finally {
            reader.dispose();
        }
    }

    private static int[] decode(ImageReader reader, int width, int height) throws IOException {
        return scaled(onBlack(reader.read(0)), width, height).getRGB(0, 0, width, height, null, 0, width);
    }

    /** Large ones one after another: a small file may unfold to hundreds of megabytes. */
    private static int[] alone(ImageReader reader, int width, int height) throws IOException {
        DECODING.lock();
        try {
            return decode(reader, width, height);
        } finally {
            DECODING.unlock();
        }
    }

    /** The class library takes grey samples for linear light and would brighten them; they are copied as they are. */
    private static BufferedImage onBlack(BufferedImage picture) {
        BufferedImage colors = new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_RGB);
        ColorModel model = picture.getColorModel();
        boolean grey = model.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
        int most = (1 << model.getComponentSize(0)) - 1;
        Raster raster = picture.getRaster();
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                int rgb;
                int alpha = MAX_SAMPLE;
                if (grey) {
                    rgb = Math.round((float) raster.getSample(x, y, 0) * MAX_SAMPLE / most) * 0x010101;
                    if (model.hasAlpha()) {
                        alpha = Math.round((float) raster.getSample(x, y, 1) * MAX_SAMPLE / most);
                    }
                } else {
                    rgb = picture.getRGB(x, y);
                    alpha = rgb >>> 24;
                }
                colors.setRGB(x, y, alpha == MAX_SAMPLE ? rgb : faded(rgb, alpha));
            }
        }
        return colors;
    }

    private static int faded(int rgb, int alpha) {
        int red = (rgb >> 16 & MAX_SAMPLE) * alpha / MAX_SAMPLE;
        int green = (rgb >> 8 & MAX_SAMPLE) * alpha / MAX_SAMPLE;
        int blue = (rgb & MAX_SAMPLE) * alpha / MAX_SAMPLE;
        return red << 16 | green << 8 | blue;
    }

    private static BufferedImage scaled(BufferedImage picture, int width, int height) {
        if (picture.getWidth() == width && picture.getHeight() == height) {
            return picture;
        }
        boolean shrinks = picture.getWidth() >= width && picture.getHeight() >= height;
        Image source = shrinks ? picture.getScaledInstance(width, height, Image.SCALE_AREA_AVERAGING) : picture;
        BufferedImage scaled = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = scaled.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
            graphics.drawImage(source, 0, 0, width, height, null);
        } finally {
            graphics.dispose();
        }
        return scaled;
    }

    /** The largest sample becomes exactly the model's maximum. */
    private static float scaled(float sample, PixelEncoding pixels) {
        return sample * pixels.maximum() / MAX_SAMPLE;
    }

    private static int luma(int rgb) {
        return (299 * (rgb >> 16 & MAX_SAMPLE) + 587 * (rgb >> 8 & MAX_SAMPLE) + 114 * (rgb & MAX_SAMPLE) + 500) / 1000;
    }
}
