package io.trainyard.encoding;

import io.trainyard.problem.InvalidFieldException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;

/** A row of pixels as people can look at it. */
public final class Thumbnail {

    private static final int MAX_SAMPLE = 255;

    private Thumbnail() {}

    /** Whether the rows of an encoding are pictures of one channel or three. */
    public static boolean isPossible(Encoding encoding) {
        return encoding instanceof PixelEncoding pixels
                && pixels.inputShape().size() == 3
                && (pixels.inputShape().get(2) == 1 || pixels.inputShape().get(2) == 3);
    }

    /**
     * A PNG as a data URI (RFC 2397): grey or in colour, white where a pixel has the encoding's maximum.
     *
     * @param raw the row's raw values
     * @throws InvalidFieldException when the rows of an encoding are no pictures of one channel or three
     */
    public static String dataUri(float[] raw, Encoding encoding) {
        if (!(encoding instanceof PixelEncoding pixels) || pixels.inputShape().size() != 3) {
            throw new InvalidFieldException("", "asks for pictures, but the rows of this dataset are none");
        }
        int channels = pixels.inputShape().get(2);
        if (channels != 1 && channels != 3) {
            throw new InvalidFieldException(
                    "", "asks for pictures, but rows have " + channels + " channels, not 1 or 3");
        }
        int[] samples = new int[raw.length];
        for (int i = 0; i < raw.length; i++) {
            samples[i] = Math.round(raw[i] * MAX_SAMPLE / pixels.maximum());
        }
        int height = pixels.inputShape().get(0);
        int width = pixels.inputShape().get(1);
        BufferedImage picture = new BufferedImage(
                width, height, channels == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
        picture.getRaster().setPixels(0, 0, width, height, samples);
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture, "png", png);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray());
    }
}
