package io.trainyard.dataset;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;

/** Pictures that are drawn for tests, the same at each run, and zips of them. */
final class Shapes {

    private Shapes() {}

    /** A circle or a square of chance: its place, size and colours, and the size of the picture. */
    static BufferedImage draw(boolean circle, Random random) {
        BufferedImage picture =
                new BufferedImage(40 + random.nextInt(40), 40 + random.nextInt(40), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setColor(new Color(random.nextInt(80), random.nextInt(80), random.nextInt(80)));
        graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
        graphics.setColor(new Color(120 + random.nextInt(136), 120 + random.nextInt(136), 120 + random.nextInt(136)));
        int size = 20 + random.nextInt(16);
        int x = random.nextInt(picture.getWidth() - size);
        int y = random.nextInt(picture.getHeight() - size);
        if (circle) {
            graphics.fillOval(x, y, size, size);
        } else {
            graphics.fillRect(x, y, size, size);
        }
        graphics.dispose();
        return picture;
    }

    /** A picture of pixels of chance. */
    static BufferedImage noise(int width, int height, int type, long seed) {
        BufferedImage picture = new BufferedImage(width, height, type);
        Random random = new Random(seed);
        for (int i = 0; i < width * height; i++) {
            for (int band = 0; band < picture.getRaster().getNumBands(); band++) {
                picture.getRaster().setSample(i % width, i / width, band, random.nextInt(256));
            }
        }
        return picture;
    }

    static byte[] file(BufferedImage picture, String format) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(picture, format, file)) {
                throw new AssertionError("there is no " + format);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file.toByteArray();
    }

    /** A small grey PNG, another one for each number. */
    static byte[] png(int number) {
        return file(noise(6, 5, BufferedImage.TYPE_BYTE_GRAY, number), "png");
    }

    /** A zip of entries, in the map's order. */
    static byte[] zip(Map<String, byte[]> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                out.putNextEntry(new ZipEntry(entry.getKey()));
                out.write(entry.getValue());
                out.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
