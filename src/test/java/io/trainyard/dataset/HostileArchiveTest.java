package io.trainyard.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.Service;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Zips that are no folder of pictures: each is refused in words that name the entry, and nothing of it stays behind. */
class HostileArchiveTest {

    private static final String NAME = "archive-hostile";
    private static final String SPEC = "{'format': 'image_folder', 'height': 5, 'width': 6, 'channels': 1}";

    private static void refused(byte[] archive, String... words) {
        PictureUpload.refused(NAME, SPEC, Map.of("archive", archive), "archive", words);
    }

    /** A good zip, but for one entry more. */
    private static byte[] with(String name, byte[] content) {
        Map<String, byte[]> entries = good();
        entries.put(name, content);
        return Shapes.zip(entries);
    }

    private static Map<String, byte[]> good() {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (int i = 0; i < 10; i++) {
            entries.put("train/" + i % 2 + "/" + i + ".png", Shapes.png(i));
            entries.put("test/" + i % 2 + "/" + i + ".png", Shapes.png(10 + i));
        }
        return entries;
    }

    static Stream<Arguments> names() {
        return Stream.of(
                Arguments.of("../../evil.png", "'..'"),
                Arguments.of("train/../../evil.png", "'..'"),
                Arguments.of("train/0/..", "'..'"),
                Arguments.of("../", "'..'"),
                Arguments.of("train/./a.png", "'.'"),
                Arguments.of("train//a.png", "nothing for a folder"),
                Arguments.of("/etc/cron.d/a.png", "absolute"),
                Arguments.of("C:/train/0/a.png", "absolute"),
                Arguments.of("c:a.png", "absolute"),
                Arguments.of("train\\0\\a.png", "backslash"),
                Arguments.of("..\\..\\a.png", "backslash"),
                Arguments.of("train/0/a.png\0.exe", "control character"),
                Arguments.of("train/0/a\n.png", "control character"),
                Arguments.of("train/0\u0085/a.png", "control character"),
                Arguments.of("a.png", "is in no folder"),
                Arguments.of("train/a.png", "in other folders than 'train/0/0.png'"),
                Arguments.of("0/a.png", "in other folders than 'train/0/0.png'"),
                Arguments.of("other/0/a.png", "in other folders than 'train/0/0.png'"),
                Arguments.of("top/train/0/a.png", "in other folders than 'train/0/0.png'"),
                Arguments.of("train/0/more/a.png", "'train' or 'test' must stand"),
                Arguments.of("top/train/0/more/a.png", "too many folders"),
                Arguments.of("train/ /a.png", "class that must not be blank"),
                Arguments.of("train/" + "x".repeat(201) + "/a.png", "at most 200 characters"),
                Arguments.of("README.md", "is neither .png nor .jpg nor .jpeg"),
                Arguments.of("train/0/a.gif", "is neither .png nor .jpg nor .jpeg"),
                Arguments.of("train/0/a.zip", "is neither .png nor .jpg nor .jpeg"),
                Arguments.of("train/0/png", "is neither .png nor .jpg nor .jpeg"),
                Arguments.of("test/2/a.png", "class '2', which has no picture in train/"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void entriesMustBePicturesInFoldersOfClasses(String name, String words) {
        String shown = name.replaceAll("\\p{IsControl}", "?");
        refused(with(name, Shapes.png(99)), "entry '" + shown.substring(0, Math.min(200, shown.length())), words);
    }

    static Stream<Arguments> contents() throws IOException {
        byte[] png = Shapes.png(1);
        return Stream.of(
                Arguments.of("empty", new byte[0], "is neither PNG nor JPEG"),
                Arguments.of("a text", text("not a picture"), "is neither PNG nor JPEG"),
                Arguments.of("what a symbolic link holds", text("/etc/passwd"), "is neither PNG nor JPEG"),
                Arguments.of("a GIF", Shapes.file(gif(), "gif"), "is neither PNG nor JPEG"),
                Arguments.of("a BMP", Shapes.file(gif(), "bmp"), "is neither PNG nor JPEG"),
                Arguments.of("a zip", Shapes.zip(good()), "is neither PNG nor JPEG"),
                Arguments.of("a PNG that is cut off", Arrays.copyOf(png, png.length / 2), "is damaged"),
                Arguments.of("a JPEG that is cut off", Arrays.copyOf(Shapes.file(gif(), "jpeg"), 100), "is damaged"),
                Arguments.of("40,000 × 40,000 pixels", huge(png), "has 1600000000 pixels; at most 16000000"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("contents")
    void contentsMustBePictures(String what, byte[] content, String words) {
        refused(with("train/1/wrong.png", content), "entry 'train/1/wrong.png' ", words);
    }

    /** Sizes behind the bytes can be found only where the bytes themselves tell their end. */
    @Test
    void storedEntriesNeedTheirSizesBefore() {
        byte[] zip = Shapes.zip(good());
        ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).putShort(8, (short) 0);
        refused(zip, "entry 'train/0/0.png' is encrypted, or packed in a way that cannot be read as a stream");
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static BufferedImage gif() {
        return Shapes.noise(6, 5, BufferedImage.TYPE_BYTE_GRAY, 1);
    }

    /** A PNG whose header says that it is large. */
    private static byte[] huge(byte[] png) {
        byte[] huge = png.clone();
        ByteBuffer.wrap(huge).putInt(16, 40_000).putInt(20, 40_000);
        CRC32 checksum = new CRC32();
        checksum.update(huge, 12, 17);
        ByteBuffer.wrap(huge).putInt(29, (int) checksum.getValue());
        return huge;
    }

    @Test
    void whatIsNoZipIsRefused() {
        refused(new byte[0], "is not a zip");
        refused(text("PK"), "is not a zip");
        refused(text("not a zip, but long enough to hold the end of one"), "is not a zip");
        refused(Shapes.png(1), "is not a zip");
        refused(IdxBytes.gzip(Shapes.zip(good())), "is not a zip");
        refused(Shapes.zip(Map.of()), "zip without entries");
        refused(Shapes.zip(Map.of("train/", new byte[0], "train/.DS_Store", new byte[1])), "holds no picture");
    }

    /** Wherever it is cut. */
    @Test
    void zipMustBeWhole() {
        byte[] zip = Shapes.zip(good());
        for (int length = 4; length < zip.length; length += 97) {
            refused(Arrays.copyOf(zip, length), "zip that was cut off: its end is missing");
        }
        refused(Arrays.copyOf(zip, zip.length - 1), "its end is missing");
        refused(Arrays.copyOf(zip, zip.length + 1), "its end is missing");
    }

    /** Wherever a byte is flipped, a picture is read as it was sent, or the zip is refused. */
    @Test
    void damageIsNoticed() {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (String name : new String[] {"train/0/a.png", "train/1/b.png", "test/0/c.png"}) {
            entries.put(name, Shapes.png(entries.size()));
        }
        byte[] zip = Shapes.zip(entries);
        int firstData = 30 + "train/0/a.png".length();
        for (int at = firstData; at < firstData + 40; at += 3) {
            byte[] damaged = zip.clone();
            damaged[at] ^= 0x55;
            refused(damaged, "entry 'train/0/a.png' is ");
        }
        byte[] signature = zip.clone();
        signature[0] = 'p';
        refused(signature, "its directory lists 3 entries, but only 0");
    }

    @Test
    void directoryMustListWhatIsThere() {
        byte[] zip = Shapes.zip(good());
        refused(listing(zip, 21), "lists 21 entries, but only 20 stand before it", "up to 'test/1/9.png'");
        refused(listing(zip, 19), "entry 'test/1/9.png' is more than its directory lists");
        refused(listing(zip, 0), "without entries");
        ByteArrayOutputStream two = new ByteArrayOutputStream();
        two.writeBytes(zip);
        two.writeBytes(zip);
        refused(two.toByteArray(), "has something before it: its directory is not where it says");
    }

    /** The same zip, whose end says another number of entries. */
    private static byte[] listing(byte[] zip, int entries) {
        byte[] other = zip.clone();
        ByteBuffer.wrap(other).order(ByteOrder.LITTLE_ENDIAN).putShort(zip.length - 12, (short) entries);
        return other;
    }

    /** Before a single one is looked at. */
    @Test
    void entriesAreBounded() {
        ByteBuffer zip64 = ByteBuffer.allocate(56 + 20 + 22).order(ByteOrder.LITTLE_ENDIAN);
        // Its directory: nothing, and that at the beginning.
        zip64.putInt(0, 0x06064b50).putLong(32, 100_000_000);
        zip64.putInt(56, 0x07064b50).putLong(56 + 8, 0);
        zip64.putInt(76, 0x06054b50).putShort(76 + 10, (short) 0xffff);
        refused(zip64.array(), "100000000 entries; at most 2000000");
        zip64.putLong(56 + 8, 77);
        refused(zip64.array(), "is a damaged zip");
    }

    @Test
    void classesAreBounded() {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (int i = 0; i <= 1000; i++) {
            entries.put(i + "/a.png", Shapes.png(0));
        }
        refused(Shapes.zip(entries), "entry '1000/a.png'", "one class more than the 1000");
    }

    @Test
    void oneClassIsNotEnough() {
        refused(Shapes.zip(Map.of("a/1.png", Shapes.png(1))), "entry 'a/1.png' is of the class 'a'", "told from");
        refused(
                Shapes.zip(Map.of("test/a/1.png", Shapes.png(1), "test/b/1.png", Shapes.png(2))),
                "entry 'test/a/1.png'",
                "no picture in train/");
        refused(
                Shapes.zip(Map.of("train/1.png", Shapes.png(1), "test/1.png", Shapes.png(2))),
                "is in no folder of a class");
    }

    @Test
    void eachSplitNeedsPictures() {
        refused(
                Shapes.zip(Map.of("a/1.png", Shapes.png(1), "b/1.png", Shapes.png(2))),
                "of its 2 pictures none would be held out");
    }

    /** Of a bomb no more is unpacked than the file's size allows. */
    @ParameterizedTest
    @ValueSource(ints = {1, 100, 900})
    void zipMayNotExpandWithoutBound(int entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] zeros = new byte[900_000];
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (int i = 0; i < entries; i++) {
                out.putNextEntry(new ZipEntry("train/" + i % 2 + "/" + i + ".png"));
                for (int piece = 0; piece < 900 / entries; piece += entries == 1 ? 1 : 900) {
                    out.write(zeros);
                }
            }
        }
        refused(
                bytes.toByteArray(),
                "entry 'train/",
                entries == 1 ? "unpacks to more than 67108864 bytes" : "makes the zip unpack to more than");
    }

    @Test
    void entryMayNotExpandWithoutBound() {
        refused(with("train/0/bomb.png", new byte[2 << 20]), "entry 'train/0/bomb.png' unpacks to 2097152 bytes");
    }

    /** The bits of a local header, and those that say how the entry is packed. */
    @ParameterizedTest
    @CsvSource({"1, 8", "9, 8", "8, 1", "8, 9", "8, 14", "8, 99", "0, 1", "0, 9", "0, 12", "0, 14", "0, 93", "0, 99"})
    void entriesMustBeReadable(int bits, int method) {
        byte[] zip = Shapes.zip(good());
        ByteBuffer.wrap(zip)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(6, (short) bits)
                .putShort(8, (short) method);
        refused(zip, "entry 'train/0/0.png' ", "encrypted");
    }

    @Test
    void namesMustBeUnicode() {
        byte[] zip = Shapes.zip(good());
        zip[30] = (byte) 0xff;
        refused(zip, "entry 1 ", "not UTF-8");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'height': 0, 'width': 6, 'channels': 1              | /spec/height",
                "'height': 5, 'width': 4097, 'channels': 1           | /spec/width",
                "'height': 5, 'width': 6, 'channels': 2              | /spec/channels",
                "'height': 5, 'width': 6                             | /spec/channels",
                "'height': 4096, 'width': 4096, 'channels': 1        | /spec/height",
            })
    void specIsChecked(String fields, String pointer) {
        HttpResponse<String> answer = PictureUpload.send(
                NAME, "{'format': 'image_folder', " + fields + "}", Map.of("archive", Shapes.zip(good())));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(Service.json(answer).at("/errors/0/pointer").stringValue()).isEqualTo(pointer);
        PictureUpload.nothingStaysBehind(NAME);
    }
}
