package io.trainyard.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.Service;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import tools.jackson.databind.JsonNode;

/** IDX files become dataset versions: row by row what was sent. */
class IdxUploadTest {

    private static final Service service = Service.shared();
    private static final String SPEC = "{'format': 'idx'}";

    @Test
    void filesBecomeSplitsByteByByte() {
        byte[] train = IdxBytes.pictures(30, 4, 5);
        byte[] test = IdxBytes.pictures(10, 4, 5);
        JsonNode version = PictureUpload.added(
                "idx-splits",
                "{'format': 'idx', 'classes': ['cat', 'dog', 'Ente'], 'divisor': 256}",
                Map.of(
                        "train_images", train,
                        "train_labels", IdxBytes.labels(30, 3),
                        "test_images", IdxBytes.gzip(test),
                        "test_labels", IdxBytes.gzip(IdxBytes.labels(10, 3))));
        assertThat(version.get("input_shape")).hasToString("[4,5,1]");
        assertThat(version.get("classes")).hasToString("[\"cat\",\"dog\",\"Ente\"]");
        assertThat(version.at("/splits/train/class_counts")).hasToString("{\"Ente\":10,\"cat\":10,\"dog\":10}");
        assertThat(version.at("/splits/test/class_counts")).hasToString("{\"Ente\":3,\"cat\":4,\"dog\":3}");
        assertThat(version.at("/encoding/divisor").intValue()).isEqualTo(256);
        assertThat(version.at("/provenance/warnings")).isEmpty();
        JsonNode rows = PictureUpload.rows(version, "test", "");
        assertThat(rows).hasSize(10);
        for (int row = 0; row < 10; row++) {
            assertThat(PictureUpload.numbers(rows.get(row).get("instance"))).isEqualTo(picture(test, row, 20, 16));
            assertThat(rows.get(row).get("label").stringValue())
                    .isEqualTo(List.of("cat", "dog", "Ente").get(row % 3));
        }
    }

    @Test
    void colorsAreLastDimension() {
        byte[] train = IdxBytes.pictures(20, 2, 3, 3);
        JsonNode version = PictureUpload.added(
                "idx-colors",
                SPEC,
                Map.of(
                        "train_images",
                        train,
                        "train_labels",
                        IdxBytes.labels(20, 2),
                        "test_images",
                        train,
                        "test_labels",
                        IdxBytes.labels(20, 2)));
        assertThat(version.get("input_shape")).hasToString("[2,3,3]");
        assertThat(version.get("classes")).hasToString("[\"0\",\"1\"]");
        assertThat(PictureUpload.numbers(
                        PictureUpload.rows(version, "train", "").get(7).get("instance")))
                .isEqualTo(picture(train, 7, 18, 20));
        assertThat(version.at("/provenance/warnings/0").stringValue()).contains("20 of the 20 rows held out");
    }

    @Test
    void withoutTestFilesTheSameShareOfEachClassIsHeldOut() {
        byte[] pictures = IdxBytes.pictures(200, 3, 3);
        byte[] labels = new byte[200];
        Arrays.fill(labels, 0, 40, (byte) 1);
        Arrays.fill(labels, 40, 60, (byte) 3);
        Map<String, byte[]> files = Map.of("train_images", pictures, "train_labels", IdxBytes.of(labels, 200));
        JsonNode version = PictureUpload.added("idx-held-out", "{'format': 'idx', 'validation_fraction': 0.25}", files);
        assertThat(version.at("/splits/train/class_counts")).hasToString("{\"0\":105,\"1\":30,\"2\":0,\"3\":15}");
        assertThat(version.at("/splits/test/class_counts")).hasToString("{\"0\":35,\"1\":10,\"2\":0,\"3\":5}");
        assertThat(version.at("/provenance/warnings").toString()).contains("class '2' has no picture to train with");

        Set<List<Integer>> sent = new HashSet<>();
        for (int row = 0; row < 200; row++) {
            sent.add(list(picture(pictures, row, 9, 16)));
        }
        List<List<Integer>> there = new ArrayList<>();
        for (String split : List.of("train", "test")) {
            PictureUpload.rows(version, split, "")
                    .forEach(row -> there.add(list(PictureUpload.numbers(row.get("instance")))));
        }
        assertThat(there).hasSize(200).containsExactlyInAnyOrderElementsOf(sent);

        assertThat(sha256(PictureUpload.added("idx-held-out", "{'format': 'idx', 'validation_fraction': 0.25}", files)))
                .isEqualTo(sha256(version));
        assertThat(sha256(PictureUpload.added(
                        "idx-held-out", "{'format': 'idx', 'validation_fraction': 0.25, 'seed': 1}", files)))
                .isNotEqualTo(sha256(version));
    }

    @Test
    void gzipMayHaveSeveralMembersAndHeadersWithAllThatIsOptional() throws IOException {
        byte[] pictures = IdxBytes.pictures(40, 6, 6);
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        for (int at = 0; at < pictures.length; at += 100) {
            byte[] member = IdxBytes.gzip(Arrays.copyOfRange(pictures, at, Math.min(pictures.length, at + 100)));
            members.writeBytes(withNames(member));
        }
        Map<String, byte[]> labels = Map.of("train_images", pictures, "train_labels", IdxBytes.labels(40, 2));
        JsonNode plain = PictureUpload.added("idx-members", SPEC, labels);
        JsonNode packed = PictureUpload.added(
                "idx-members",
                SPEC,
                Map.of("train_images", members.toByteArray(), "train_labels", IdxBytes.labels(40, 2)));
        assertThat(sha256(packed)).isEqualTo(sha256(plain));
    }

    /** A header with an extra field, a name, a comment and its checksum. */
    private static byte[] withNames(byte[] member) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0x1f, (byte) 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3});
        out.writeBytes(new byte[] {3, 0, 'a', 'b', 'c'});
        out.writeBytes("name\0comment\0".getBytes(StandardCharsets.US_ASCII));
        CRC32 checksum = new CRC32();
        checksum.update(out.toByteArray());
        out.writeBytes(new byte[] {(byte) checksum.getValue(), (byte) (checksum.getValue() >> 8)});
        out.write(member, 10, member.length - 10);
        return out.toByteArray();
    }

    @Test
    void fractionIsNotUsedWhereTestFilesAreSent() {
        JsonNode version = PictureUpload.added(
                "idx-fraction-unused",
                "{'format': 'idx', 'validation_fraction': 0.5}",
                Map.of(
                        "train_images", IdxBytes.pictures(8, 2, 2),
                        "train_labels", IdxBytes.labels(8, 2),
                        "test_images", IdxBytes.pictures(4, 2, 2),
                        "test_labels", IdxBytes.labels(4, 2)));
        assertThat(version.at("/splits/train/rows").intValue()).isEqualTo(8);
        assertThat(version.at("/provenance/warnings").toString()).contains("validation_fraction is not used");
    }

    /** What is uploaded comes out as what is built in, to the last byte. */
    @Test
    @EnabledIfEnvironmentVariable(named = "TRAINYARD_DATASETS_DIR", matches = ".+")
    void mnistByUploadIsTheBuiltInOne() throws IOException {
        Path folder = Path.of(System.getenv("TRAINYARD_DATASETS_DIR"), "mnist");
        JsonNode version = PictureUpload.added(
                "mnist-by-upload",
                "{'format': 'idx', 'divisor': 256}",
                Map.of(
                        "train_images", Files.readAllBytes(folder.resolve("train-images-idx3-ubyte.gz")),
                        "train_labels", Files.readAllBytes(folder.resolve("train-labels-idx1-ubyte.gz")),
                        "test_images", Files.readAllBytes(folder.resolve("t10k-images-idx3-ubyte.gz")),
                        "test_labels", Files.readAllBytes(folder.resolve("t10k-labels-idx1-ubyte.gz"))));
        JsonNode builtIn = Service.json(service.get("/api/v1/datasets/mnist/versions/1"));
        assertThat(sha256(version)).isEqualTo(sha256(builtIn));
        Datasets datasets = service.bean(Datasets.class);
        for (Split split : Split.values()) {
            assertThat(datasets.resolve("mnist-by-upload", 1).split(split))
                    .isEqualTo(datasets.resolve("mnist", 1).split(split));
        }
    }

    private static String sha256(JsonNode version) {
        return version.get("sha256").stringValue();
    }

    private static List<Integer> list(int[] numbers) {
        return Arrays.stream(numbers).boxed().toList();
    }

    private static int[] picture(byte[] file, int row, int size, int header) {
        int[] picture = new int[size];
        ByteBuffer bytes = ByteBuffer.wrap(file, header + row * size, size);
        for (int i = 0; i < size; i++) {
            picture[i] = bytes.get() & 0xff;
        }
        return picture;
    }
}
