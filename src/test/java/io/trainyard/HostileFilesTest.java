package io.trainyard;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.awaitility.Awaitility;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions;
import org.springframework.core.env.Environment;

/**
 * Files that were made to do harm, on every way in. Each is refused in words that say what to do and tell nothing of the
 * inside; nothing in them is run; the memory that they ask for is not taken; and the service answers on.
 */
class HostileFilesTest {

    private static final String MODEL = "hostile-files";
    private static final String NAME = "hostile-files-none";
    private static final String IMPORT = "/api/v1/models/" + NAME + "/versions";
    private static final String UPLOAD = "/api/v1/datasets/" + NAME + "/versions";
    private static final String PICTURES = "{'format': 'image_folder', 'height': 5, 'width': 6, 'channels': 1}";

    private static final String CONFIGURATION = "configuration.json";
    private static final String COEFFICIENTS = "coefficients.bin";
    private static final int SYMBOLIC_LINK = 0120777;
    private static final int SIDE = 40_000;

    /** A picture of 40,000 × 40,000 pixels is 1.6 GB at least, all of the archives here more, and a billion brackets 1 GB. */
    private static final long MOST_MEMORY = 100L << 20;

    private static final List<String> INTERNALS = List.of(
            "Exception", "Error:", "io.trainyard", "org.deeplearning4j", "java.", "\tat ", "/tmp", "target/", "/root");

    private static final Service service = Service.shared();
    private static final Map<String, byte[]> GOOD = network();
    private static final MemoryPoolMXBean LARGE_AND_OLD = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getName().contains("Old Gen") || pool.getName().contains("Tenured"))
            .findFirst()
            .orElseThrow();
    private static long before;

    @BeforeAll
    static void whatTheOthersAreMadeOfIsGood() throws IOException {
        Canary.forget();
        HttpResponse<String> answer = send(
                "/api/v1/models/" + MODEL + "/versions", "{'dataset': {'name': 'digits'}}", Map.of("file", zip(GOOD)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(predict("image/png", picture("png")).statusCode()).isEqualTo(200);
        System.gc();
        before = LARGE_AND_OLD.getUsage().getUsed();
        LARGE_AND_OLD.resetPeakUsage();
    }

    @AfterEach
    void nothingHasHappened() {
        assertThat(Canary.heard()).isEmpty();
        assertThat(service.get("/api/v1/models/" + NAME).statusCode()).isEqualTo(404);
        assertThat(service.get("/api/v1/datasets/" + NAME).statusCode()).isEqualTo(404);
        Path uploads =
                Path.of(Objects.requireNonNull(service.bean(Environment.class).getProperty("trainyard.uploads.dir")));
        Awaitility.await().until(() -> {
            try (Stream<Path> left = Files.list(uploads)) {
                return left.findAny().isEmpty();
            }
        });
    }

    @AfterAll
    static void memoryStayedBoundedAndTheServiceAnswersOn() {
        assertThat(LARGE_AND_OLD.getPeakUsage().getUsed() - before)
                .as("bytes of heap, at the most, above those at the beginning")
                .isLessThan(MOST_MEMORY);
        assertThat(service.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
        assertThat(predict("image/png", picture("png")).statusCode()).isEqualTo(200);
    }

    /** Else their silence would state nothing: so DL4J reads such a file where nobody forbids it. */
    @Test
    void canariesSingWhereTheyCan(@TempDir Path folder) throws Exception {
        Map<String, byte[]> files = new LinkedHashMap<>(GOOD);
        files.put("preprocessor.bin", Canary.preprocessor());
        files.put("normalizer.bin", Canary.normalizer());
        files.put(CONFIGURATION, configuration());
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.write(folder.resolve(file.getKey()), file.getValue());
        }
        Path said = folder.resolve("said");
        new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Canary.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start()
                .waitFor();
        assertThat(Canary.heard())
                .as(Files.readString(said))
                .containsExactly("constructed", "deserialised", "initialised");
        Canary.forget();
    }

    static Stream<Arguments> models() {
        return Stream.of(
                Arguments.of("a Java object", with("preprocessor.bin", Canary.preprocessor()), "preprocessor.bin"),
                Arguments.of("a class to construct", with("normalizer.bin", Canary.normalizer()), "normalizer.bin"),
                Arguments.of("a class to load", with(CONFIGURATION, configuration()), "is not one that is read here"),
                Arguments.of("out of its folder", with("../evil.sh", new byte[9]), "'../evil.sh'"),
                Arguments.of("absolute", with("/etc/cron.d/evil", new byte[9]), "'/etc/cron.d/evil'"),
                Arguments.of("backslashes", with("..\\evil.bat", new byte[9]), "'..\\evil.bat'"),
                Arguments.of("a link", linked(zip(GOOD), CONFIGURATION), "not JSON"),
                Arguments.of("a link beside", linked(zip(GOOD), "passwd"), "'passwd'"),
                Arguments.of("a zip in a zip", with("more.zip", zip(GOOD)), "'more.zip'"),
                Arguments.of("a bomb", bomb(GOOD, COEFFICIENTS), "is not a vector"),
                Arguments.of("a bomb of JSON", bomb(GOOD, CONFIGURATION), "more than it may"),
                Arguments.of(
                        "a bomb that says it is small",
                        lying(bomb(GOOD, CONFIGURATION), CONFIGURATION),
                        "more than it may"),
                Arguments.of("very many entries", zip(numbered(i -> i + ".bin")), "which is none of a DL4J model"),
                Arguments.of("code in a layer", lambda(), "holds code, which is never run"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("models")
    void noModelDoesHarm(String what, byte[] file, String words) {
        refused(send(IMPORT, null, Map.of("file", file)), 422, words);
    }

    static Stream<Arguments> archives() {
        return Stream.of(
                Arguments.of("out of its folder", pictures("../../evil.png", picture("png")), "'..'"),
                Arguments.of("absolute", pictures("/etc/evil.png", picture("png")), "absolute"),
                Arguments.of("backslashes", pictures("..\\..\\evil.png", picture("png")), "backslash"),
                Arguments.of("a link", linked(pictures("train/0/x.png", new byte[0]), "train/0/x.png"), "neither PNG"),
                Arguments.of("a zip in a zip", pictures("train/0/x.png", zip(GOOD)), "neither PNG"),
                Arguments.of("a bomb", bomb(pictures(), "train/0/x.png"), "unpacks to more than"),
                Arguments.of(
                        "a bomb that says it is small",
                        lying(bomb(pictures(), "train/0/x.png"), "train/0/x.png"),
                        "train/0/x.png"),
                Arguments.of(
                        "very many entries", zip(numbered(i -> "train/" + i % 2 + "/" + i + ".png")), "neither PNG"),
                Arguments.of("a huge PNG", pictures("train/0/x.png", huge("png")), "has 1600000000 pixels"),
                Arguments.of("a huge JPEG", pictures("train/0/x.jpg", huge("jpeg")), "has 1600000000 pixels"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("archives")
    void noArchiveDoesHarm(String what, byte[] file, String words) {
        refused(send(UPLOAD, PICTURES, Map.of("archive", file)), 422, words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpeg"})
    void noPictureToPredictIsDecodedBeforeItsSizeIsKnown(String format) {
        refused(predict("image/" + format, huge(format)), 422, "has 1600000000 pixels; at most 16000000");
    }

    /** The header says 2 billion pictures of 1,000 × 1,000 pixels. */
    @Test
    void idxFilesAreAsLargeAsTheySay() {
        byte[] pictures = ByteBuffer.allocate(16 + 64)
                .putInt(0x00000803)
                .putInt(2_000_000_000)
                .putInt(1000)
                .putInt(1000)
                .array();
        byte[] labels = ByteBuffer.allocate(8 + 2).putInt(0x00000801).putInt(2).array();
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("train_images", pictures);
        files.put("train_labels", labels);
        files.put("test_images", pictures);
        files.put("test_labels", labels);
        refused(send(UPLOAD, "{'format': 'idx'}", files), 422, "images");
    }

    @Test
    void badCellIsNamedByRowAndColumn() {
        String table = "width,kind\n" + "1.5,a\n2.5,b\n".repeat(20) + "wide,a\n";
        refused(
                send(
                        UPLOAD,
                        "{'format': 'csv', 'label': 'kind', 'columns': {'width': {'type': 'numeric'}}}",
                        Map.of("train", text(table))),
                422,
                "line 42",
                "'width'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "/api/v1/jobs                                   | {'network': {'layers':                            | 400",
                "/api/v1/jobs                                   | {'labels':                                        | 400",
                "/api/v1/jobs                                   |                                                   | 400",
                "/api/v1/jobs/validate                          | {'network': {'keras':                             | 400",
                "/api/v1/batch-predictions                      | {'model':                                         | 400",
                "/predict                                       | {'model': 'hostile-files', 'instances':           | 422",
                "/v1/models/hostile-files:predict               | {'instances':                                     | 422",
                "/v2/models/hostile-files/infer                 | {'inputs': [{'name': 'x', 'data':                 | 422",
                "/v2/models/hostile-files/infer                 | {'parameters':                                    | 400",
            })
    void aBillionBracketsAreNotReadToTheEnd(String path, @Nullable String beginning, int status) throws IOException {
        EndlessRequest.Answer answer = EndlessRequest.post(
                service.uri(path),
                "application/json",
                Objects.requireNonNullElse(beginning, "").replace('\'', '"'),
                '[');
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).doesNotContain(INTERNALS);
        assertThat(answer.sent()).isLessThan(16 << 20);
    }

    /** Whether they end within what a spec may have, or not within what an upload may. */
    @ParameterizedTest
    @CsvSource({IMPORT + ", 100", UPLOAD + ", 1200"})
    void aSpecOfBracketsIsNotReadToTheEnd(String path, int mostMegabytes) throws IOException {
        refused(send(path, "[".repeat(500_000), Map.of("file", new byte[9])), 400, "nest");

        EndlessRequest.Answer answer = EndlessRequest.post(
                service.uri(path),
                Multipart.TYPE,
                "--" + Multipart.BOUNDARY + "\r\nContent-Disposition: form-data; name=\"spec\"\r\n\r\n",
                '[');
        assertThat(answer.status()).as(answer.body()).isEqualTo(413);
        assertThat(answer.body()).doesNotContain(INTERNALS);
        assertThat(answer.sent()).isLessThan((long) mostMegabytes << 20);
    }

    private static HttpResponse<String> send(String path, @Nullable String spec, Map<String, byte[]> files) {
        return service.send(HttpRequest.newBuilder(service.uri(path))
                .header("Content-Type", Multipart.TYPE)
                .POST(HttpRequest.BodyPublishers.ofByteArray(Multipart.body(spec, files, ".bin"))));
    }

    private static HttpResponse<String> predict(String type, byte[] picture) {
        return service.send(HttpRequest.newBuilder(service.uri("/predict?model=" + MODEL))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(picture)));
    }

    private static void refused(HttpResponse<String> answer, int status, String... words) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(Service.json(answer).get("detail").stringValue()).contains(words);
        // What the client has named itself may be named.
        assertThat(answer.body().replace(Canary.class.getName() + "$Initialised", ""))
                .doesNotContain(INTERNALS);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The entries of a DL4J zip that is good. */
    private static Map<String, byte[]> network() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(5)
                .list()
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .nIn(64)
                        .nOut(10)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try {
            ModelSerializer.writeModel(network, bytes, false);
            try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
                for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                    entries.put(entry.getName(), in.readAllBytes());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return entries;
    }

    private static byte[] configuration() {
        String good = new String(Objects.requireNonNull(GOOD.get(CONFIGURATION)), StandardCharsets.UTF_8);
        String named = Canary.configuration(good);
        assertThat(named).isNotEqualTo(good);
        return text(named);
    }

    /** The good zip with one entry more, or with another one of that name. */
    private static byte[] with(String entry, byte[] content) {
        Map<String, byte[]> entries = new LinkedHashMap<>(GOOD);
        entries.put(entry, content);
        return zip(entries);
    }

    /** A good folder of pictures with one entry more. */
    private static byte[] pictures(String entry, byte[] content) {
        Map<String, byte[]> entries = pictures();
        entries.put(entry, content);
        return zip(entries);
    }

    private static Map<String, byte[]> pictures() {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (int i = 0; i < 4; i++) {
            entries.put("train/" + i % 2 + "/" + i + ".png", picture("png"));
            entries.put("test/" + i % 2 + "/" + i + ".png", picture("png"));
        }
        return entries;
    }

    private static Map<String, byte[]> numbered(IntFunction<String> name) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (int i = 0; i < 5000; i++) {
            entries.put(name.apply(i), new byte[0]);
        }
        return entries;
    }

    /** With an entry, or another one of that name, that unpacks to 500 times what the zip has. */
    private static byte[] bomb(Map<String, byte[]> entries, String bomb) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> each : entries.entrySet()) {
                if (!each.getKey().equals(bomb)) {
                    add(out, each.getKey(), each.getValue(), 1);
                }
            }
            byte[] spaces = new byte[1 << 20];
            Arrays.fill(spaces, (byte) ' ');
            add(out, bomb, spaces, 100);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void add(ZipOutputStream out, String name, byte[] content, int times) throws IOException {
        out.putNextEntry(new ZipEntry(name));
        for (int i = 0; i < times; i++) {
            out.write(content);
        }
        out.closeEntry();
    }

    private static byte[] zip(Map<String, byte[]> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> each : entries.entrySet()) {
                add(out, each.getKey(), each.getValue(), 1);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** With one more entry, or another one of that name: a symbolic link, which holds the path that it leads to. */
    private static byte[] linked(byte[] zip, String link) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip));
                ZipArchiveOutputStream out = new ZipArchiveOutputStream(bytes)) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (!entry.getName().equals(link)) {
                    add(out, new ZipArchiveEntry(entry.getName()), in.readAllBytes());
                }
            }
            ZipArchiveEntry entry = new ZipArchiveEntry(link);
            entry.setUnixMode(SYMBOLIC_LINK);
            add(out, entry, text("/etc/passwd"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void add(ZipArchiveOutputStream out, ZipArchiveEntry entry, byte[] content) throws IOException {
        out.putArchiveEntry(entry);
        out.write(content);
        out.closeArchiveEntry();
    }

    /** With a directory that says of an entry that it has 100 bytes. */
    private static byte[] lying(byte[] zip, String entry) {
        ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + 46 + entry.length() < zip.length; at++) {
            if (bytes.getInt(at) == 0x02014b50
                    && new String(zip, at + 46, entry.length(), StandardCharsets.UTF_8).equals(entry)) {
                bytes.putInt(at + 24, 100);
                return zip;
            }
        }
        throw new AssertionError(entry);
    }

    private static byte[] picture(String format) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY), format, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** A small file whose header says 40,000 × 40,000 pixels. */
    private static byte[] huge(String format) {
        byte[] file = picture(format);
        ByteBuffer bytes = ByteBuffer.wrap(file);
        if (format.equals("png")) {
            bytes.putInt(16, SIDE).putInt(20, SIDE);
            CRC32 checksum = new CRC32();
            checksum.update(file, 12, 17);
            bytes.putInt(29, (int) checksum.getValue());
            return file;
        }
        for (int at = 2; ; at += 2 + bytes.getShort(at + 2)) {
            // The start of a frame.
            if (bytes.getShort(at) == (short) 0xffc0) {
                bytes.putShort(at + 5, (short) SIDE).putShort(at + 7, (short) SIDE);
                return file;
            }
        }
    }

    /** A file that Keras wrote, with the name of one layer's class replaced. */
    private static byte[] lambda() {
        try {
            String file =
                    Files.readString(Path.of("src/test/resources/keras/h5/dense-relu.h5"), StandardCharsets.ISO_8859_1);
            String replaced = file.replace("\"class_name\": \"Flatten\"", "\"class_name\": \"Lambda\" ");
            assertThat(replaced).isNotEqualTo(file);
            return replaced.getBytes(StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
