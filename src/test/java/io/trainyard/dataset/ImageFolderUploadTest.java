package io.trainyard.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.Service;
import io.trainyard.encoding.Instance;
import io.trainyard.encoding.Picture;
import io.trainyard.encoding.PixelEncoding;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A zip of pictures becomes a dataset version: pixel by pixel what was sent. */
class ImageFolderUploadTest {

    private static final Service service = Service.shared();
    private static final String GREY = "{'format': 'image_folder', 'height': 5, 'width': 6, 'channels': 1}";
    private static final String COLORS = "{'format': 'image_folder', 'height': 5, 'width': 6, 'channels': 3}";

    private static JsonNode added(String name, String spec, Map<String, byte[]> entries) {
        return PictureUpload.added(name, spec, Map.of("archive", Shapes.zip(entries)));
    }

    /** Grey pictures by name, in the order of the archive; the pixels of each are those of its number. */
    private static Map<String, byte[]> pictures(String... names) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (String name : names) {
            entries.put(name, Shapes.png(entries.size()));
        }
        return entries;
    }

    private static int[] pixels(int number) {
        return Shapes.noise(6, 5, BufferedImage.TYPE_BYTE_GRAY, number)
                .getRaster()
                .getSamples(0, 0, 6, 5, 0, new int[30]);
    }

    @Test
    void foldersBecomeSplitsAndClasses() {
        JsonNode version = added(
                "folder-splits",
                GREY,
                pictures(
                        "train/10/a.png",
                        "test/9/a.png",
                        "train/9/b.PNG",
                        "train/10/b.png",
                        "train/9/a.jpeg",
                        "test/10/a.png"));
        assertThat(version.get("classes")).hasToString("[\"9\",\"10\"]");
        assertThat(version.get("input_shape")).hasToString("[5,6,1]");
        assertThat(version.at("/splits/train/rows").intValue()).isEqualTo(4);
        assertThat(version.at("/encoding/divisor").intValue()).isEqualTo(255);
        JsonNode train = PictureUpload.rows(version, "train", "");
        assertThat(labels(train)).containsExactly("10", "9", "10", "9");
        List<Integer> numbers = List.of(0, 2, 3, 4);
        for (int row = 0; row < 4; row++) {
            assertThat(PictureUpload.numbers(train.get(row).get("instance"))).isEqualTo(pixels(numbers.get(row)));
        }
        JsonNode test = PictureUpload.rows(version, "test", "");
        assertThat(labels(test)).containsExactly("9", "10");
        assertThat(PictureUpload.numbers(test.get(1).get("instance"))).isEqualTo(pixels(5));
    }

    @Test
    void folderAroundAllAndWhatSystemsAddIsPassedOver() {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("My pictures/", new byte[0]);
        entries.put("My pictures/.DS_Store", new byte[] {1});
        entries.put("My pictures/train/", new byte[0]);
        entries.put("My pictures/train/cat/1.png", Shapes.png(1));
        entries.put("__MACOSX/My pictures/train/cat/._1.png", new byte[] {1});
        entries.put("My pictures/train/cat/._2.png", new byte[] {1});
        entries.put("My pictures/train/dog/Thumbs.db", new byte[] {1});
        entries.put("My pictures/train/dog/1.png", Shapes.png(2));
        entries.put("My pictures/test/dog/1.png", Shapes.png(3));
        JsonNode version = added("folder-top", GREY, entries);
        assertThat(version.get("rows").intValue()).isEqualTo(3);
        assertThat(version.get("classes")).hasToString("[\"cat\",\"dog\"]");
        assertThat(version.at("/provenance/warnings").toString()).contains("class 'cat' has no picture held out");
    }

    @Test
    void withoutTestFolderTheSameShareOfEachClassIsHeldOut() {
        String[] names = IntStream.range(0, 100)
                .mapToObj(i -> "all/" + (i % 5 == 0 ? "few" : "many") + "/" + i + ".png")
                .toArray(String[]::new);
        Map<String, byte[]> entries = pictures(names);
        JsonNode version = added("folder-held-out", GREY, entries);
        assertThat(version.at("/splits/test/class_counts")).hasToString("{\"few\":4,\"many\":16}");
        assertThat(version.at("/splits/train/class_counts")).hasToString("{\"few\":16,\"many\":64}");
        assertThat(added("folder-held-out", GREY, entries).get("sha256")).isEqualTo(version.get("sha256"));

        Map<String, byte[]> inTrain = new LinkedHashMap<>();
        entries.forEach((name, file) -> inTrain.put(name.replace("all/", "train/"), file));
        assertThat(added("folder-held-out", GREY, inTrain).get("sha256")).isEqualTo(version.get("sha256"));
    }

    @Test
    void classesMayHaveAnyNames() {
        JsonNode version = added(
                "folder-names",
                GREY.replace("}", ", 'validation_fraction': 0.5}"),
                pictures(
                        "train/1.png",
                        "Ma\u0308dchen/1.png",
                        "犬/1.png",
                        "a b, c/1.png",
                        "train/2.png",
                        "M\u00e4dchen/2.png",
                        "犬/2.png",
                        "a b, c/2.png"));
        assertThat(version.get("classes").valueStream().map(JsonNode::stringValue))
                .containsExactly("M\u00e4dchen", "a b, c", "train", "犬");
    }

    /** With sizes before or behind the bytes, packed or not, with a comment: zips as programs write them. */
    @Test
    void zipsMayBeOfDifferentKinds() throws IOException {
        Map<String, byte[]> entries = pictures("a/1.png", "b/1.png", "a/2.png", "b/2.png", "a/3.png", "b/3.png");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            out.setComment("a comment");
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                ZipEntry stored = new ZipEntry(entry.getKey());
                stored.setMethod(ZipEntry.STORED);
                stored.setSize(entry.getValue().length);
                CRC32 checksum = new CRC32();
                checksum.update(entry.getValue());
                stored.setCrc(checksum.getValue());
                out.putNextEntry(stored);
                out.write(entry.getValue());
            }
        }
        String spec = GREY.replace("}", ", 'validation_fraction': 0.3}");
        JsonNode version = PictureUpload.added("folder-kinds", spec, Map.of("archive", bytes.toByteArray()));
        assertThat(added("folder-kinds", spec, entries).get("sha256")).isEqualTo(version.get("sha256"));
    }

    /** The same pixels as the same file would have in a request to predict, rounded to whole numbers. */
    @ParameterizedTest
    @ValueSource(strings = {"png", "jpeg"})
    void colorsAndSizesAreBroughtToThoseAskedFor(String format) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (int i = 0; i < 6; i++) {
            BufferedImage picture = Shapes.noise(3 + 4 * i, 4 + 3 * i, BufferedImage.TYPE_INT_RGB, i);
            entries.put((i < 4 ? "train/" : "test/") + (i % 2) + "/" + i + ".png", Shapes.file(picture, format));
        }
        for (String spec : List.of(GREY, COLORS)) {
            JsonNode version = added("folder-colors-" + format, spec, entries);
            int channels = spec.equals(GREY) ? 1 : 3;
            int row = 0;
            for (byte[] file : entries.values()) {
                var sent = (Instance.Values) Picture.read(
                        new ByteArrayInputStream(file), new PixelEncoding(List.of(5, 6, channels), 255, 255));
                JsonNode there = PictureUpload.rows(version, row < 4 ? "train" : "test", "")
                        .get(row % 4);
                float[] pixels = sent.values();
                assertThat(PictureUpload.numbers(there.get("instance")))
                        .isEqualTo(IntStream.range(0, pixels.length)
                                .map(i -> (int) pixels[i])
                                .toArray());
                row++;
            }
        }
    }

    @Test
    void rowsCanBeLookedAt() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        BufferedImage picture = Shapes.noise(6, 5, BufferedImage.TYPE_INT_RGB, 1);
        for (String name : List.of("train/a/1.png", "train/b/1.png", "test/a/1.png")) {
            entries.put(name, Shapes.file(picture, "png"));
        }
        JsonNode colors = PictureUpload.rows(added("folder-images", COLORS, entries), "train", "&images=true");
        BufferedImage shown = image(colors.get(0));
        assertThat(shown.getRGB(0, 0, 6, 5, null, 0, 6)).isEqualTo(picture.getRGB(0, 0, 6, 5, null, 0, 6));

        JsonNode digits = Service.json(service.get("/api/v1/datasets/digits/versions/1/rows?limit=3&images=true"))
                .get("items");
        int[] raw = PictureUpload.numbers(digits.get(0).get("instance"));
        BufferedImage digit = image(digits.get(0));
        assertThat(digit.getType()).isEqualTo(BufferedImage.TYPE_BYTE_GRAY);
        assertThat(digit.getRaster().getSamples(0, 0, 8, 8, 0, new int[64]))
                .isEqualTo(Arrays.stream(raw)
                        .map(value -> Math.round(value * 255 / 16f))
                        .toArray());

        assertThat(Service.json(service.get("/api/v1/datasets/digits/versions/1/rows?limit=1"))
                        .at("/items/0")
                        .has("image"))
                .isFalse();
        HttpResponse<String> table = service.get("/api/v1/datasets/iris/versions/1/rows?images=true");
        assertThat(table.statusCode()).isEqualTo(422);
        assertThat(Service.json(table).at("/errors/0/pointer").stringValue()).isEqualTo("images");
        assertThat(Service.json(table).at("/errors/0/detail").stringValue()).contains("asks for pictures");
    }

    private static BufferedImage image(JsonNode row) throws IOException {
        String uri = row.get("image").stringValue();
        String prefix = "data:image/png;base64,";
        assertThat(uri).startsWith(prefix);
        return ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(uri.substring(prefix.length()))));
    }

    /** From the zip to the prediction, and a picture is the same on both ways. */
    @Test
    void networkLearnsCirclesFromSquares() {
        Random random = new Random(11);
        Map<String, byte[]> entries = new LinkedHashMap<>();
        List<byte[]> held = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            boolean circle = i % 2 == 0;
            byte[] file = Shapes.file(Shapes.draw(circle, random), i % 3 == 0 ? "jpeg" : "png");
            boolean test = i >= 480;
            entries.put((test ? "test/" : "train/") + (circle ? "circle/" : "square/") + i + ".png", file);
            if (test) {
                held.add(file);
            }
        }
        JsonNode version =
                added("shapes", "{'format': 'image_folder', 'height': 24, 'width': 24, 'channels': 3}", entries);
        String id = service.submit("""
                {"model": "shapes", "dataset": "shapes",
                 "network": {"layers": [
                   {"type": "conv2d", "filters": 8, "kernel_size": 3, "activation": "relu"},
                   {"type": "max_pooling2d", "pool_size": 2},
                   {"type": "conv2d", "filters": 16, "kernel_size": 3, "activation": "relu"},
                   {"type": "max_pooling2d", "pool_size": 2},
                   {"type": "flatten"},
                   {"type": "dense", "units": 32, "activation": "relu"},
                   {"type": "dense", "units": 2, "activation": "softmax"}]},
                 "training": {"epochs": 12, "batch_size": 32, "seed": 5,
                              "optimizer": {"type": "adam", "learning_rate": 0.002}}}
                """);
        JsonNode job = service.await(id, "SUCCEEDED", "FAILED");
        assertThat(job.get("status").stringValue()).as(job.toString()).isEqualTo("SUCCEEDED");
        HttpResponse<String> evaluation = service.get("/api/v1/models/shapes/versions/1/evaluation");
        assertThat(Service.json(evaluation).get("accuracy").doubleValue())
                .as(evaluation.body())
                .isGreaterThan(0.9);

        JsonNode rows = PictureUpload.rows(version, "test", "");
        for (int row = 0; row < 6; row++) {
            HttpResponse<String> ofPixels = service.post(
                    "/predict",
                    "{\"model\": \"shapes\", \"instances\": [" + rows.get(row).get("instance") + "]}");
            HttpResponse<String> ofFile = service.send(HttpRequest.newBuilder(service.uri("/predict?model=shapes"))
                    .header("Content-Type", row % 3 == 0 ? "image/jpeg" : "image/png")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(held.get(row))));
            assertThat(ofFile.statusCode()).as(ofFile.body()).isEqualTo(200);
            assertThat(Service.json(ofFile).get("predictions"))
                    .isEqualTo(Service.json(ofPixels).get("predictions"));
        }
    }

    private static List<String> labels(JsonNode rows) {
        return rows.valueStream().map(row -> row.get("label").stringValue()).toList();
    }
}
