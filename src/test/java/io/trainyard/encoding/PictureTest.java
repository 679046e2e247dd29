package io.trainyard.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.problem.InvalidFieldException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A picture file says the same as the array of its pixels. */
class PictureTest {

    private static final PixelEncoding GREY = new PixelEncoding(List.of(4, 6, 1), 255, 255);
    private static final PixelEncoding COLOR = new PixelEncoding(List.of(4, 6, 3), 255, 255);

    @Test
    void greySamplesAreTakenAsTheyAre() throws IOException {
        BufferedImage picture = grey(6, 4);
        assertThat(read(picture, "png", GREY))
                .containsExactly(picture.getRaster().getSamples(0, 0, 6, 4, 0, new float[24]));
    }

    @Test
    void deepSamplesAreTakenByTheirUpperByte() throws IOException {
        BufferedImage picture = new BufferedImage(6, 4, BufferedImage.TYPE_USHORT_GRAY);
        for (int i = 0; i < 24; i++) {
            picture.getRaster().setSample(i % 6, i / 6, 0, i * 257);
        }
        float[] values = read(picture, "png", GREY);
        for (int i = 0; i < 24; i++) {
            assertThat(values[i]).isEqualTo(i);
        }
    }

    @Test
    void colorsAreTakenInOrderOrBecomeLuma() throws IOException {
        BufferedImage picture = new BufferedImage(6, 4, BufferedImage.TYPE_INT_RGB);
        picture.setRGB(1, 0, 0x0a141e);
        assertThat(read(picture, "png", COLOR)).startsWith(0, 0, 0, 10, 20, 30, 0);
        assertThat(read(picture, "png", GREY)).startsWith(0, Math.round((299 * 10 + 587 * 20 + 114 * 30) / 1000f), 0);
    }

    @Test
    void greyPictureFillsAllChannels() throws IOException {
        BufferedImage picture = grey(6, 4);
        int first = picture.getRaster().getSample(1, 0, 0);
        assertThat(read(picture, "png", COLOR)).startsWith(0, 0, 0, first, first, first);
    }

    @Test
    void whatIsTransparentIsBlack() throws IOException {
        BufferedImage picture = new BufferedImage(6, 4, BufferedImage.TYPE_INT_ARGB);
        picture.setRGB(0, 0, 0x00ffffff);
        picture.setRGB(1, 0, 0xffffffff);
        picture.setRGB(2, 0, 0x33ffffff);
        assertThat(read(picture, "png", GREY)).startsWith(0, 255, 51, 0);
    }

    @Test
    void valuesAreScaledToTheModelsRange() throws IOException {
        BufferedImage picture = new BufferedImage(6, 4, BufferedImage.TYPE_BYTE_GRAY);
        picture.getRaster().setSample(0, 0, 0, 255);
        picture.getRaster().setSample(1, 0, 0, 51);
        assertThat(read(picture, "png", new PixelEncoding(List.of(4, 6, 1), 16, 16)))
                .startsWith(16, 3.2f, 0);
    }

    @Test
    void largerPicturesAreAveraged() throws IOException {
        BufferedImage picture = new BufferedImage(12, 8, BufferedImage.TYPE_BYTE_GRAY);
        picture.getRaster().setSample(2, 0, 0, 200);
        picture.getRaster().setSample(3, 1, 0, 100);
        float[] values = read(picture, "png", GREY);
        assertThat(values[1]).isEqualTo(75);
        assertThat(values[0]).isZero();
        assertThat(values[2]).isZero();
    }

    @Test
    void smallerPicturesAreStretched() throws IOException {
        BufferedImage picture = new BufferedImage(3, 2, BufferedImage.TYPE_BYTE_GRAY);
        picture.getRaster().setSamples(0, 0, 3, 2, 0, new int[] {100, 100, 100, 100, 100, 100});
        assertThat(read(picture, "png", GREY)).hasSize(24).containsOnly(100);
    }

    @Test
    void jpegIsNearThePixels() throws IOException {
        BufferedImage picture = new BufferedImage(6, 4, BufferedImage.TYPE_BYTE_GRAY);
        picture.getRaster()
                .setSamples(
                        0,
                        0,
                        6,
                        4,
                        0,
                        java.util.stream.IntStream.generate(() -> 180).limit(24).toArray());
        for (float value : read(picture, "jpeg", GREY)) {
            assertThat(value).isCloseTo(180, Offset.offset(3f));
        }
    }

    @Test
    void sizeIsCheckedBeforePixelsAreDecoded() throws IOException {
        byte[] png = file(grey(6, 4), "png");
        // The header's chunk: length, name, width, height, 5 bytes, checksum.
        ByteBuffer.wrap(png).putInt(16, 100_000).putInt(20, 100_000);
        CRC32 checksum = new CRC32();
        checksum.update(png, 12, 17);
        ByteBuffer.wrap(png).putInt(29, (int) checksum.getValue());
        assertThatThrownBy(() -> Picture.read(new ByteArrayInputStream(png), GREY))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageContaining("10000000000 pixels");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "not a picture", "GIF89a\1\0\1\0\0\0\0;", "\u0089PNG\r\n\u001a\n", "\u00ff\u00d8\u00ff\u00e0"
            })
    void whatIsNoPictureIsRefused(String bytes) {
        assertThatThrownBy(
                        () -> Picture.read(new ByteArrayInputStream(bytes.getBytes(StandardCharsets.ISO_8859_1)), GREY))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessageMatching("is neither PNG nor JPEG|is damaged.*");
    }

    /** Whatever stands in a file, it is a picture or refused in words. */
    @ParameterizedTest
    @ValueSource(strings = {"png", "jpeg"})
    void damagedFilesAreRefusedOrRead(String format) throws IOException {
        byte[] file = file(grey(6, 4), format);
        for (int at = 0; at < file.length; at++) {
            byte[] damaged = file.clone();
            damaged[at] ^= (byte) 0xff;
            try {
                assertThat(((Instance.Values) Picture.read(new ByteArrayInputStream(damaged), GREY)).values())
                        .hasSize(24);
            } catch (InvalidFieldException refused) {
                assertThat(refused).hasMessageMatching("is (neither|damaged).*|has [0-9]+ pixels.*");
            }
        }
    }

    /** Of a megabyte that would inflate to one gigabyte, nothing is inflated. */
    @Test
    void compressedTextsAreNotRead() throws IOException {
        BufferedImage picture = new BufferedImage(6, 4, BufferedImage.TYPE_BYTE_INDEXED);
        picture.setRGB(1, 0, 0xffffffff);
        byte[] png = file(picture, "png");
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        byte[] zeros = new byte[1 << 20];
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.write(new byte[] {'z', 'T', 'X', 't', 'a', 0, 0});
        byte[] buffer = new byte[1 << 16];
        for (int i = 0; i < 1024; i++) {
            deflater.setInput(zeros);
            for (int n = deflater.deflate(buffer); n > 0; n = deflater.deflate(buffer)) {
                text.write(buffer, 0, n);
            }
        }
        deflater.finish();
        for (int n = deflater.deflate(buffer); n > 0; n = deflater.deflate(buffer)) {
            text.write(buffer, 0, n);
        }
        CRC32 checksum = new CRC32();
        checksum.update(text.toByteArray());
        int end = png.length - 12;
        ByteBuffer bomb = ByteBuffer.allocate(png.length + text.size() + 8);
        bomb.put(png, 0, end).putInt(text.size() - 4).put(text.toByteArray()).putInt((int) checksum.getValue());
        bomb.put(png, end, 12);

        com.sun.management.ThreadMXBean memory =
                (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        long before = memory.getCurrentThreadAllocatedBytes();
        Instance instance = Picture.read(new ByteArrayInputStream(bomb.array()), GREY);
        assertThat(memory.getCurrentThreadAllocatedBytes() - before).isLessThan(100_000_000);
        assertThat(((Instance.Values) instance).values()).startsWith(0, 255, 0);
    }

    /** Of a file of a few megabytes that would be gone over for hours, nothing is decoded. */
    @Test
    void scansAreBounded() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            ImageWriteParam progressive = writer.getDefaultWriteParam();
            progressive.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
            writer.write(
                    null,
                    new IIOImage(new BufferedImage(2000, 2000, BufferedImage.TYPE_BYTE_GRAY), null, null),
                    progressive);
        } finally {
            writer.dispose();
        }
        byte[] file = bytes.toByteArray();
        assertThat(((Instance.Values) Picture.read(new ByteArrayInputStream(file), GREY)).values())
                .hasSize(24);

        int last = file.length - 2;
        while ((file[last] & 0xff) != 0xff || (file[last + 1] & 0xff) != 0xda) {
            last--;
        }
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        many.write(file, 0, last);
        for (int i = 0; i < 3000; i++) {
            many.write(file, last, file.length - 2 - last);
        }
        assertThatThrownBy(() -> Picture.read(new ByteArrayInputStream(many.toByteArray()), GREY))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessage("is a JPEG of more than 2000 scans");
    }

    @Test
    void modelsOfTablesTakeNoPicture() throws IOException {
        byte[] png = file(grey(6, 4), "png");
        assertThatThrownBy(() -> Picture.read(new ByteArrayInputStream(png), new ColumnEncoding(List.of(), null)))
                .isInstanceOf(InvalidFieldException.class)
                .hasMessage("is a picture, but the model takes none");
    }

    private static BufferedImage grey(int width, int height) {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < width * height; i++) {
            picture.getRaster().setSample(i % width, i / width, 0, i * 11 % 256);
        }
        return picture;
    }

    private static float[] read(BufferedImage picture, String format, PixelEncoding encoding) throws IOException {
        return ((Instance.Values) Picture.read(new ByteArrayInputStream(file(picture, format)), encoding)).values();
    }

    private static byte[] file(BufferedImage picture, String format) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        assertThat(ImageIO.write(picture, format, file)).isTrue();
        return file.toByteArray();
    }
}
