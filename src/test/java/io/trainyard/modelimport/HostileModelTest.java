package io.trainyard.modelimport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trainyard.FilterProbe;
import io.trainyard.Service;
import io.trainyard.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/** A file that was made to do harm, or is broken, is refused in words, and leaves nothing behind. */
class HostileModelTest {

    private static final String MODEL = "import-hostile";
    private static final String CONFIGURATION = "configuration.json";
    private static final String COEFFICIENTS = "coefficients.bin";
    private static final byte[] GOOD = good();
    private static final Service service = Service.shared();

    @TempDir
    Path folder;

    @BeforeAll
    static void theFileThatTheOthersAreMadeOfIsGood() throws IOException {
        Files.deleteIfExists(Trap.TRACE);
        HttpResponse<String> response = Upload.send(service, "import-good", GOOD, null);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    }

    @AfterEach
    void nothingIsLeftBehind() throws IOException {
        assertThat(service.get("/api/v1/models/" + MODEL).statusCode()).isEqualTo(404);
        assertThat(service.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
        assertThat(list(imports())).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void isRefusedInWords(String what, byte[] file, String fragment) {
        assertRefused(Upload.send(service, MODEL, file, null), fragment);
    }

    static Stream<Arguments> files() {
        byte[] dense = keras("dense relu");
        return Stream.of(
                Arguments.of("an empty file", new byte[0], "is empty"),
                Arguments.of("random bytes", random(5000), "neither an HDF5 file"),
                Arguments.of("an entry that is none of a model", Upload.with(GOOD, "run.sh", new byte[9]), "'run.sh'"),
                Arguments.of(
                        "a preprocessor, which is a Java object",
                        Upload.with(GOOD, "preprocessor.bin", new byte[9]),
                        "holds preprocessor.bin"),
                Arguments.of("a normalizer", Upload.with(GOOD, "normalizer.bin", new byte[9]), "holds normalizer.bin"),
                Arguments.of(
                        "a .keras file",
                        Upload.zip(Map.of("config.json", new byte[9], "model.weights.h5", new byte[9])),
                        "save the model as .h5"),
                Arguments.of("no weights", Upload.zip(Map.of(CONFIGURATION, entry(CONFIGURATION))), "no weights"),
                Arguments.of("no configuration", Upload.zip(Map.of(COEFFICIENTS, new byte[9])), "is not a DL4J model"),
                Arguments.of("a zip that is cut off", Arrays.copyOf(GOOD, GOOD.length / 2), "damaged or cut off"),
                Arguments.of(
                        "weights that are cut off",
                        Upload.with(GOOD, COEFFICIENTS, Arrays.copyOf(entry(COEFFICIENTS), 80)),
                        "fewer values than it says"),
                Arguments.of("a zip bomb", Upload.with(GOOD, CONFIGURATION, spaces()), "more than it may"),
                Arguments.of(
                        "a zip bomb that lies", lying(Upload.with(GOOD, CONFIGURATION, spaces())), "more than it may"),
                Arguments.of("a zip bomb of weights", coefficients(16 << 20, new float[16 << 20]), "or than is taken"),
                Arguments.of("weights of a size that is a lie", coefficients(1L << 40, new float[15]), "1099511627776"),
                Arguments.of("a weight that is NaN", coefficients(15, nan()), "its weight 7 is not a finite number"),
                Arguments.of(
                        "weights whose sums overflow",
                        coefficients(15, largest()),
                        "answers a row of numbers from 0 to 1 with what is not a finite number"),
                Arguments.of("too few weights", coefficients(14, new float[14]), "cannot be put together"),
                Arguments.of(
                        "a class that is not on the list",
                        configuration(
                                "\"@class\" : \"org.nd4j.linalg.activations.impl.ActivationSoftmax\"", trap("@class")),
                        "'io.trainyard.modelimport.Trap'"),
                Arguments.of(
                        "a class of the list's packages that is not on it",
                        configuration("impl.ActivationSoftmax", "impl.ActivationEvil"),
                        "ActivationEvil"),
                Arguments.of(
                        "a class under another name",
                        configuration(
                                "\"@class\" : \"org.nd4j.linalg.activations.impl.ActivationSoftmax\"", trap("type")),
                        "'io.trainyard.modelimport.Trap'"),
                Arguments.of(
                        "a class hidden behind one that is allowed",
                        configuration(
                                "\"@class\" : \"org.nd4j.linalg.activations.impl.ActivationSoftmax\"",
                                trap("@class")
                                        + ", \"@class\" : \"org.nd4j.linalg.activations.impl.ActivationSoftmax\""),
                        "'io.trainyard.modelimport.Trap'"),
                Arguments.of(
                        "a class among the parameters of a type",
                        configuration(
                                "impl.ActivationSoftmax", "impl.ActivationSoftmax<[Lio.trainyard.modelimport.Trap;>"),
                        "which is not one that is read here"),
                Arguments.of(
                        "a configuration that is nested too deeply",
                        Upload.with(GOOD, CONFIGURATION, Upload.text("[".repeat(5000))),
                        "nested more than 100 deep"),
                Arguments.of(
                        "a layer larger than its weights",
                        configuration("\"nin\" : 4", "\"nin\" : 2000000000"),
                        "cannot be put together"),
                Arguments.of("a Keras file that is cut off", Arrays.copyOf(dense, 9000), "damaged, cut off"),
                Arguments.of("the start of a Keras file", Arrays.copyOf(dense, 8), "damaged, cut off"),
                Arguments.of(
                        "a layer of code",
                        replaced(dense, "\"class_name\": \"Flatten\"", "\"class_name\": \"Lambda\" "),
                        "holds code, which is never run"),
                Arguments.of(
                        "a layer that is not known here",
                        replaced(dense, "\"class_name\": \"Flatten\"", "\"class_name\": \"Fourier\""),
                        "Fourier"),
                Arguments.of(
                        "a weight that is missing", replaced(dense, "head/bias:0", "head/bias:9"), "lacks the weight"),
                Arguments.of(
                        "a layer with other weights",
                        replaced(dense, "\"units\": 4", "\"units\": 7"),
                        "with shape [5, 4], but the layer needs [5, 7]"),
                Arguments.of("a Keras weight that is NaN", withNan(dense), "not a finite number"));
    }

    /** Its answer would be made of many rows, or of other clients' rows. */
    @Test
    void aNetworkThatAnswersEachStepOfASequenceIsRefused() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(5)
                .list()
                .layer(new LSTM.Builder().nIn(4).nOut(3).build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .nIn(3)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.recurrent(4, 5))
                .build());
        network.init();
        HttpResponse<String> response = Upload.send(service, MODEL, written(network), "{'input_shape': [5, 4]}");
        assertRefused(response, "; 3 for each are served");
    }

    @Test
    void aSpecIsNoFile() {
        HttpResponse<String> response =
                service.send(HttpRequest.newBuilder(service.uri("/api/v1/models/" + MODEL + "/versions"))
                        .header("Content-Type", "multipart/form-data; boundary=b")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\nx\r\n"
                                        + "--b\r\nContent-Disposition: form-data; name=\"spec\"; filename=\"s\"\r\n\r\n"
                                        + " ".repeat(600_000) + "\r\n--b--\r\n")));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(413);
    }

    @Test
    void partsAreForImportsAlone() {
        HttpResponse<String> response = service.send(HttpRequest.newBuilder(service.uri("/predict?model=" + MODEL))
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(HttpRequest.BodyPublishers.ofString("--b--\r\n")));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(415);
        assertThat(Service.json(response).get("type").stringValue()).endsWith("unsupported-media-type");
    }

    @ParameterizedTest
    @CsvSource({"cross-site, 403", "same-site, 403", "same-origin, 422", "none, 422"})
    void pagesOfOtherSitesImportNothing(String site, int status) {
        HttpResponse<String> response =
                service.send(HttpRequest.newBuilder(service.uri("/api/v1/models/" + MODEL + "/versions"))
                        .header("Content-Type", "multipart/form-data; boundary=" + Upload.BOUNDARY)
                        .header("Sec-Fetch-Site", site)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(Upload.body(new byte[0], null))));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    }

    /** That the class was on the class path, where a parser would have found it. */
    @Test
    void noClassThatAFileNamesIsLoaded() {
        assertThat(Trap.class.getClassLoader().getResource("io/trainyard/modelimport/Trap.class"))
                .isNotNull();
        assertRefused(
                Upload.send(
                        service,
                        MODEL,
                        configuration(
                                "org.nd4j.linalg.activations.impl.ActivationSoftmax", "io.trainyard.modelimport.Trap"),
                        null),
                "'io.trainyard.modelimport.Trap'");
        assertThat(Trap.TRACE).doesNotExist();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("specs")
    void aSpecThatDoesNotFitIsRefusedWithItsField(String spec, int status, String pointer) {
        HttpResponse<String> response = Upload.send(service, MODEL, GOOD, spec);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(Service.json(response).at("/errors/0/pointer").stringValue()).isEqualTo(pointer);
    }

    static Stream<Arguments> specs() {
        return Stream.of(
                Arguments.of("{'classes': ['a', 'b']}", 422, "/spec/classes"),
                Arguments.of("{'classes': ['a', 'a', 'b']}", 422, "/spec/classes"),
                Arguments.of("{'task': 'regression'}", 422, "/spec/task"),
                Arguments.of("{'input_shape': [5]}", 422, "/spec/input_shape"),
                Arguments.of("{'dataset': {'name': 'digits'}}", 422, "/spec/input_shape"),
                Arguments.of("{'dataset': {'name': 'iris'}, 'scale': 2}", 422, "/spec/dataset"),
                Arguments.of("{'scale': 0}", 422, "/spec/scale"),
                Arguments.of("{'input_shap': [4]}", 400, "/spec/input_shap"));
    }

    @Test
    void aBodyThatIsNotMadeOfPartsIsRefused() {
        HttpResponse<String> response =
                service.send(HttpRequest.newBuilder(service.uri("/api/v1/models/" + MODEL + "/versions"))
                        .header("Content-Type", "multipart/form-data; boundary=x")
                        .POST(HttpRequest.BodyPublishers.ofString("no parts")));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(response.body()).contains("malformed-request");
    }

    @Test
    void aFileOverTheLimitIsRefused() {
        HttpResponse<String> response = Upload.send(service, MODEL, new byte[3 << 19], null);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(413);
    }

    /** What is announced is not waited for; what is not announced is not taken without end. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBodyOverTheLimitIsRefusedWhileItArrives(boolean announced) {
        byte[] body = Upload.body(new byte[3 << 20], null);
        HttpRequest.BodyPublisher publisher = announced
                ? HttpRequest.BodyPublishers.ofByteArray(body)
                : HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
        HttpResponse<String> response =
                service.send(HttpRequest.newBuilder(service.uri("/api/v1/models/" + MODEL + "/versions"))
                        .header("Content-Type", "multipart/form-data; boundary=" + Upload.BOUNDARY)
                        .POST(publisher));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(413);
        assertThat(response.body()).contains("more than 2097152 bytes, the most that an import may have");
    }

    /** Uploads that stand still keep nobody from a place; when they break off nothing is left. */
    @Test
    void slowUploadsHoldNoPlacesAndLeaveNothing() throws IOException {
        List<Socket> standing = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                standing.add(beginUpload());
            }
            Awaitility.await().until(() -> list(imports()).size() >= standing.size());
            assertRefused(Upload.send(service, MODEL, random(100), null), "neither an HDF5 file");
        } finally {
            for (Socket socket : standing) {
                socket.close();
            }
        }
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> list(imports())
                .isEmpty());
    }

    /** All have arrived before the first is read: that takes a process. */
    @Test
    void importsAtATimeAreBounded() {
        int senders = 8;
        ExecutorService executor = Executors.newFixedThreadPool(senders);
        try {
            List<HttpResponse<String>> answers = Stream.generate(() -> CompletableFuture.supplyAsync(
                            () -> Upload.send(service, MODEL, random(100), null), executor))
                    .limit(senders)
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();
            assertThat(answers)
                    .extracting(HttpResponse::statusCode)
                    .contains(422, 429)
                    .containsOnly(422, 429);
            assertThat(answers).filteredOn(answer -> answer.statusCode() == 429).allSatisfy(answer -> assertThat(
                            answer.headers().firstValue("Retry-After"))
                    .isPresent());
        } finally {
            executor.shutdownNow();
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void aProcessThatTakesTooLongOrTooMuchIsEnded() throws IOException {
        Files.write(folder.resolve(ModelReader.UPLOAD), GOOD);

        assertThatThrownBy(() -> process("3GB", Duration.ofMillis(1)).read(folder, null))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("takes longer to be read than");
        assertThatThrownBy(() -> process("30MB", Duration.ofMinutes(1)).read(folder, null))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("takes more memory to be read than");
        assertThat(ProcessHandle.current().children().filter(HostileModelTest::isReader))
                .isEmpty();
    }

    /** It waits for its file, a pipe, while it is asked. */
    @Test
    @Timeout(60)
    void theProcessDeserialisesNothing() throws Exception {
        Path upload = folder.resolve(ModelReader.UPLOAD);
        assertThat(new ProcessBuilder("mkfifo", upload.toString()).start().waitFor())
                .isZero();
        CompletableFuture<Outcome.Facts> read = CompletableFuture.supplyAsync(() -> {
            try {
                return process("3GB", Duration.ofMinutes(1)).read(folder, null);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        try (OutputStream pipe = Files.newOutputStream(upload)) {
            ProcessHandle reader = ProcessHandle.current()
                    .children()
                    .filter(HostileModelTest::isReader)
                    .findFirst()
                    .orElseThrow();
            assertThat(FilterProbe.deserialises(reader.pid())).isFalse();
            pipe.write(random(100));
        }
        assertThatThrownBy(read::join).hasMessageContaining("neither an HDF5 file");
    }

    private static boolean isReader(ProcessHandle process) {
        try {
            // The process' information leaves out what is long, as a class path is.
            return Files.readString(Path.of("/proc", String.valueOf(process.pid()), "cmdline"))
                    .contains("\0" + ModelReader.COMMAND + "\0");
        } catch (IOException ended) {
            return false;
        }
    }

    private ReadingProcess process(String memory, Duration timeout) {
        return new ReadingProcess(new ImportProperties(DataSize.ofMegabytes(16), DataSize.parse(memory), timeout, 1));
    }

    private static Path imports() {
        return Path.of(Objects.requireNonNull(service.bean(Environment.class).getProperty("trainyard.uploads.dir")));
    }

    private static Socket beginUpload() throws IOException {
        Socket socket = new Socket("localhost", service.uri("/").getPort());
        byte[] body = Upload.body(random(1 << 19), null);
        OutputStream out = socket.getOutputStream();
        out.write(("POST /api/v1/models/" + MODEL + "/versions HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                        + body.length + "\r\nContent-Type: multipart/form-data; boundary=" + Upload.BOUNDARY
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.write(body, 0, body.length / 2);
        out.flush();
        return socket;
    }

    private static void assertRefused(HttpResponse<String> response, String fragment) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(422);
        assertThat(Service.json(response).at("/errors/0/pointer").stringValue()).isEqualTo("file");
        assertThat(Service.json(response).at("/detail").stringValue()).contains(fragment);
        assertThat(response.body()).doesNotContain("Exception", "\tat ", System.getProperty("java.io.tmpdir"));
    }

    private static byte[] good() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(5)
                .list()
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .nIn(4)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        network.init();
        return written(network);
    }

    private static byte[] written(MultiLayerNetwork network) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ModelSerializer.writeModel(network, out, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] entry(String name) {
        return Objects.requireNonNull(Upload.unzip(GOOD).get(name), name);
    }

    private static byte[] configuration(String piece, String replacement) {
        String text = new String(entry(CONFIGURATION), StandardCharsets.UTF_8);
        assertThat(text).contains(piece);
        return Upload.with(GOOD, CONFIGURATION, Upload.text(text.replace(piece, replacement)));
    }

    private static String trap(String field) {
        return "\"" + field + "\" : \"io.trainyard.modelimport.Trap\"";
    }

    private static byte[] coefficients(long length, float[] values) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF("LONG_SHAPE");
            out.writeLong(8);
            out.writeUTF("LONG");
            for (long value : new long[] {2, 1, length, length, 1, 0, 1, 99}) {
                out.writeLong(value);
            }
            out.writeUTF("LONG_SHAPE");
            out.writeLong(length);
            out.writeUTF("FLOAT");
            for (float value : values) {
                out.writeFloat(value);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Upload.with(GOOD, COEFFICIENTS, bytes.toByteArray());
    }

    private static float[] nan() {
        float[] values = new float[15];
        values[7] = Float.NaN;
        return values;
    }

    /** Of the four inputs; those of the bias are 0. */
    private static float[] largest() {
        float[] values = new float[15];
        Arrays.fill(values, 0, 12, Float.MAX_VALUE);
        return values;
    }

    /** Says of its largest entry, in the directory, that it is small. */
    private static byte[] lying(byte[] zip) {
        ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i + 46 < zip.length; i++) {
            if (bytes.getInt(i) == 0x02014b50 && bytes.getInt(i + 24) > 1 << 20) {
                bytes.putInt(i + 24, 100);
            }
        }
        return zip;
    }

    private static byte[] spaces() {
        byte[] bytes = new byte[64 << 20];
        Arrays.fill(bytes, (byte) ' ');
        return bytes;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private static byte[] keras(String name) {
        try {
            return Files.readAllBytes(KerasFileTest.file(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** With each occurrence of a text replaced by one of the same length. */
    private static byte[] replaced(byte[] file, String piece, String replacement) {
        String text = new String(file, StandardCharsets.ISO_8859_1);
        assertThat(text).contains(piece);
        assertThat(replacement).hasSameSizeAs(piece);
        int last = text.lastIndexOf(piece);
        return (text.substring(0, last) + replacement + text.substring(last + piece.length()))
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** With its first weight of the first layer replaced. */
    private static byte[] withNan(byte[] file) {
        byte[] bytes = file.clone();
        float first;
        try {
            first = KerasFileTest.floats(KerasFileTest.reference("dense relu").at("/weights/dense/kernel"))[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i + 4 <= bytes.length; i++) {
            if (buffer.getFloat(i) == first) {
                buffer.putFloat(i, Float.NaN);
                return bytes;
            }
        }
        throw new AssertionError("the weight is not there");
    }
}
