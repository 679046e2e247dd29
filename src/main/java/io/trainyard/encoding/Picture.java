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
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * A picture file as a row of a model of pictures: PNG or JPEG, grey or in colour. Colours become grey where the model has one
 * channel, by the luma of ITU-R BT.601; what is transparent is black; another size is stretched to the model's, by area
 * averaging where both sides shrink, else bilinearly; 8-bit values are scaled to the model's own range.
 */
public final class Picture {

    /** A small file can unfold to more memory than there is. */
    private static final long MAX_PIXELS = 16_000_000;

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
        BufferedImage picture = scaled(onBlack(decode(file)), width, height);
        float[] values = new float[height * width * channels];
        int count = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int rgb = picture.getRGB(x, y);
                if (channels == 1) {
                    values[count++] = scaled(luma(rgb), pixels);
                } else {
                    values[count++] = scaled(rgb >> 16 & MAX_SAMPLE, pixels);
                    values[count++] = scaled((rgb >> 8) & MAX_SAMPLE, pixels);
                    values[count++] = scaled(rgb & MAX_SAMPLE, pixels);
                }
            }
        }
        return new Instance.Values(values, List.of(height, width, channels));
    }

    private static BufferedImage decode(InputStream file) throws IOException {
        byte[] bytes = Png.withoutTexts(file.readAllBytes());
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            while (readers.hasNext()) {
                ImageReader reader = readers.next();
                if (FORMATS.contains(reader.getFormatName())) {
                    return decode(reader, in);
                }
            }
        }
        throw new InvalidFieldException("", "is neither PNG nor JPEG");
    }

    private static BufferedImage decode(ImageReader reader, ImageInputStream in) {
        try {
            reader.setInput(in, true, true);
            long pixels = Math.multiplyFull(reader.getWidth(0), reader.getHeight(0));
            if (pixels > MAX_PIXELS) {
                throw new InvalidFieldException("", "has " + pixels + " pixels; at most " + MAX_PIXELS + " are taken");
            }
            return pixels > LARGE ? alone(reader) : reader.read(0);
        } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException damaged) {
            throw damaged instanceof InvalidFieldException invalid
                    ? invalid
                    : new InvalidFieldException("", "is damaged, or of a kind of picture that is not read");
        } finally {
            reader.dispose();
        }
    }

    /** Large ones one after another: a small file may unfold to hundreds of megabytes. */
    private static BufferedImage alone(ImageReader reader) throws IOException {
        DECODING.lock();
        try {
            return reader.read(0);
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

    private static float luma(int rgb) {
        return (299 * (rgb >> 16 & MAX_SAMPLE) + 587 * (rgb >> 8 & MAX_SAMPLE) + 114 * (rgb & MAX_SAMPLE)) / 1000f;
    }
}
