package io.trainyard.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.Service;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** IDX files that are none: each is refused in words that name its part and file, and nothing of it stays behind. */
class HostileIdxTest {

    private static final String NAME = "idx-hostile";
    private static final String SPEC = "{'format': 'idx', 'classes': ['a', 'b', 'c']}";
    private static final byte[] PICTURES = IdxBytes.pictures(12, 4, 4);
    private static final byte[] LABELS = IdxBytes.labels(12, 3);
    private static final byte[] TEST_LABELS = IdxBytes.labels(6, 3);

    private static void refused(String part, byte[] file, String... words) {
        Map<String, byte[]> files = new HashMap<>(Map.of(
                "train_images", PICTURES,
                "train_labels", LABELS,
                "test_images", IdxBytes.pictures(6, 4, 4),
                "test_labels", TEST_LABELS));
        files.put(part, file);
        PictureUpload.refused(NAME, SPEC, files, part, words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"train_images", "train_labels", "test_images", "test_labels"})
    void whatIsNoIdxIsRefusedInEachPart(String part) {
        refused(part, new byte[0], "only 0 bytes");
        refused(part, "not an array".getBytes(StandardCharsets.US_ASCII), "begins with 0x6e6f7420");
        byte[] good = part.endsWith("images") ? PICTURES : LABELS;
        refused(part, Arrays.copyOf(good, good.length - 1), "but it has");
        refused(part, Arrays.copyOf(good, good.length + 1), "but it has");
        refused(part, Arrays.copyOf(good, 9), part.endsWith("images") ? "within its header" : "but it has 1");
    }

    @Test
    void dimensionsMustBeThoseOfTheBytes() {
        refused("train_images", patched(PICTURES, 4, 13), "[13, 4, 4] say 208 bytes", "it has 192");
        refused("train_images", patched(PICTURES, 4, 0), "dimension 0 is 0");
        refused("train_images", patched(PICTURES, 8, 0), "dimension 1 is 0");
        refused("train_images", patched(PICTURES, 8, -1), "dimension 1 is -1");
        refused("train_images", patched(PICTURES, 4, Integer.MAX_VALUE), "[2147483647");
        refused("train_labels", patched(LABELS, 4, Integer.MAX_VALUE), "2147483647");
    }

    @ParameterizedTest
    @CsvSource({"0x09", "0x0b", "0x0c", "0x0d", "0x0e", "0x00", "0xff"})
    void valuesMustBeUnsignedBytes(String type) {
        refused("train_images", IdxBytes.of(Integer.decode(type), new byte[12 * 16 * 4], 12, 4, 4), "bytes");
    }

    @Test
    void rowsMustBePictures() {
        refused("train_images", IdxBytes.pictures(12, 16), "has 2 dimensions", "[rows, height, width]");
        refused("train_images", IdxBytes.pictures(12, 4, 4, 2), "channels, is 2", "1, for grey, or 3");
        refused("train_images", IdxBytes.of(new byte[12], 12, 1, 1, 1, 1), "begins with 0x00000805");
        refused("train_images", IdxBytes.of(new byte[3200 * 3200], 1, 3200, 3200), "10240000 values", "at most");
    }

    @Test
    void labelsMustBeThoseOfThePictures() {
        refused("train_labels", PICTURES, "has 3 dimensions; labels have one");
        refused("train_labels", IdxBytes.labels(11, 3), "11 labels", "train_images 12 pictures");
        byte[] labels = LABELS.clone();
        labels[8 + 7] = 3;
        refused("train_labels", labels, "label of row 7 is 3", "below 3");
        byte[] test = TEST_LABELS.clone();
        test[8 + 5] = (byte) 200;
        refused("test_labels", test, "label of row 5 is 200", "below 3");
        refused("train_labels", IdxBytes.of(new byte[12], 12), "every row has the label 0");
    }

    private static void refusedLabels(byte[] train, byte[] test, String part, String... words) {
        PictureUpload.refused(
                NAME,
                "{'format': 'idx'}",
                Map.of(
                        "train_images", PICTURES,
                        "train_labels", train,
                        "test_images", IdxBytes.pictures(6, 4, 4),
                        "test_labels", test),
                part,
                words);
    }

    @Test
    void testLabelsMustBeLearned() {
        refusedLabels(IdxBytes.labels(12, 2), TEST_LABELS, "test_labels", "row 2 is 2, which no training row has");
    }

    @Test
    void testPicturesMustHaveTheShapeOfTheOthers() {
        refused("test_images", IdxBytes.pictures(6, 4, 5), "shape [4, 5, 1]", "train_images [4, 4, 1]");
        refused("test_images", IdxBytes.pictures(6, 4, 4, 3), "shape [4, 4, 3]");
    }

    @Test
    void gzipMustBeWhole() {
        byte[] packed = IdxBytes.gzip(PICTURES);
        for (int length : new int[] {3, 9, 10, 50, packed.length - 8, packed.length - 1}) {
            refused("train_images", Arrays.copyOf(packed, length), "gzip, but cut off");
        }
        refused("train_images", Arrays.copyOf(packed, 2), "gzip, but cut off");
        refused("train_images", Arrays.copyOf(packed, packed.length + 1), "gzip, but");
        byte[] garbage = Arrays.copyOf(packed, packed.length + 30);
        garbage[packed.length] = 'x';
        refused("train_images", garbage, "something else where a member must begin");
        byte[] method = packed.clone();
        method[2] = 7;
        refused("train_images", method, "something else");
        byte[] checksum = packed.clone();
        checksum[packed.length - 6] ^= 1;
        refused("train_images", checksum, "other bytes than its checksum says");
        byte[] size = packed.clone();
        size[packed.length - 1] ^= 1;
        refused("train_images", size, "other bytes than its checksum says");
    }

    /** Of a few kilobytes that would become a gigabyte, 64 megabytes are unpacked. */
    @Test
    void gzipMayNotExpandWithoutBound() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 1024; i++) {
                out.write(zeros);
            }
        }
        refused("train_images", packed.toByteArray(), "unpacks to more than", "bytes");
    }

    @Test
    void testFilesComeTogether() {
        Map<String, byte[]> files =
                Map.of("train_images", PICTURES, "train_labels", LABELS, "test_images", IdxBytes.pictures(6, 4, 4));
        PictureUpload.refused(NAME, SPEC, files, "test_images", "without the part test_labels", "both, or neither");
    }

    @Test
    void trainingFilesAreRequired() {
        HttpResponse<String> answer = PictureUpload.send(NAME, SPEC, Map.of("train_images", PICTURES));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Service.json(answer).get("detail").stringValue()).contains("train_labels", "required");
        PictureUpload.nothingStaysBehind(NAME);
    }

    @Test
    void eachSplitNeedsRows() {
        PictureUpload.refused(
                NAME,
                "{'format': 'idx', 'validation_fraction': 0.01}",
                Map.of("train_images", PICTURES, "train_labels", LABELS),
                "train_images",
                "of its 12 pictures none would be",
                "validation_fraction");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'classes': ['a']                        | /spec/classes",
                "'classes': ['a', 'a']                   | /spec/classes",
                "'classes': ['a', null]                  | /spec/classes",
                "'classes': ['a', ' ']                   | /spec/classes",
                "'classes': ['a', 'b\\u0000']            | /spec/classes/1",
                "'divisor': 0                            | /spec/divisor",
                "'validation_fraction': 1                | /spec/validation_fraction",
            })
    void specIsChecked(String field, String pointer) {
        HttpResponse<String> answer = PictureUpload.send(
                NAME, "{'format': 'idx', " + field + "}", Map.of("train_images", PICTURES, "train_labels", LABELS));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(Service.json(answer).at("/errors/0/pointer").stringValue()).isEqualTo(pointer);
        PictureUpload.nothingStaysBehind(NAME);
    }

    private static byte[] patched(byte[] file, int at, int value) {
        byte[] patched = file.clone();
        ByteBuffer.wrap(patched).putInt(at, value);
        return patched;
    }
}
