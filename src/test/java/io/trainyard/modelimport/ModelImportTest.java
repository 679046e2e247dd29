package io.trainyard.modelimport;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.Service;
import io.trainyard.artifact.Reference;
import io.trainyard.model.Models;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.assertj.core.data.Offset;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions;
import tools.jackson.databind.JsonNode;

/** What was trained elsewhere serves here as it did there. */
class ModelImportTest {

    private static final String IRIS = "import-iris";
    private static final String FLOWERS = "[[5.1, 3.5, 1.4, 0.2], [6.2, 2.9, 4.3, 1.3], [7.7, 3.0, 6.1, 2.3]]";
    private static final Service service = Service.shared();
    private static byte[] iris = new byte[0];

    @BeforeAll
    static void trainsAVersion() throws IOException, InterruptedException {
        service.await(service.submit(Service.irisJob(IRIS, 3)), "SUCCEEDED");
        iris = download(IRIS, 1);
    }

    @Test
    void aNetworkOfKerasBecomesAVersionThatAnswersWhatKerasAnswers() throws IOException {
        JsonNode reference = KerasFileTest.reference("batch_normalization over a picture");
        byte[] file = Files.readAllBytes(KerasFileTest.file("batch_normalization over a picture"));
        String model = "import-keras";

        JsonNode version = imported(
                model, file, "{'classes': ['a', 'b', 'c'], 'description': 'From Keras', 'tags': {'team': 'x'}}");

        assertThat(version.at("/version").intValue()).isEqualTo(1);
        assertThat(version.at("/description").stringValue()).isEqualTo("From Keras");
        assertThat(version.at("/tags/team").stringValue()).isEqualTo("x");
        assertThat(version.at("/output/classes").toString()).isEqualTo("[\"a\",\"b\",\"c\"]");
        assertThat(version.at("/lineage/import/format").stringValue()).isEqualTo("keras_h5");
        assertThat(version.at("/lineage/import/file_name").stringValue()).isEqualTo("model.bin");
        assertThat(version.at("/lineage/import/bytes").longValue()).isEqualTo(file.length);
        assertThat(version.at("/lineage").has("job_id")).isFalse();
        assertThat(version).isEqualTo(Service.json(service.get("/api/v1/models/" + model + "/versions/1")));

        int rows = reference.get("targets").size();
        float[] inputs = KerasFileTest.floats(reference.get("inputs"));
        KerasFileTest.assertClose(
                answers(model, rows(inputs, rows)), KerasFileTest.floats(reference.get("predictions")));
        assertThat(service.get("/v2/models/" + model).body()).contains("\"shape\":[-1,6,6,3]");
        assertProblem(service.get("/api/v1/models/" + model + "/versions/1/evaluation"), 404, "was imported");
        assertThat(Service.json(service.get("/api/v1/models/" + model))
                        .at("/versions/0")
                        .has("job_id"))
                .isFalse();
        assertThat(service.bean(Models.class).references())
                .extracting(Reference::owner)
                .contains("model " + model + " version 1");
    }

    @Test
    void oneOutputForTwoClassesIsToldAsBothProbabilities() throws IOException {
        String name = "loss binary_crossentropy of two classes";
        JsonNode reference = KerasFileTest.reference(name);
        int rows = reference.get("targets").size();

        imported("import-binary", Files.readAllBytes(KerasFileTest.file(name)), null);

        float[] answers = answers("import-binary", rows(KerasFileTest.floats(reference.get("inputs")), rows));
        assertThat(answers).hasSize(2 * rows);
        KerasFileTest.assertClose(answers, KerasFileTest.floats(reference.get("predictions")));
        assertProblem(
                service.post("/api/v1/jobs/validate", base("import-binary", "iris")), 422, "takes rows of shape [5]");
    }

    @Test
    void whatTheServiceHandsOutComesBackAsItWas() throws IOException, InterruptedException {
        JsonNode version = imported("import-again", iris, null);

        assertThat(version.at("/lineage/dataset/name").stringValue()).isEqualTo("iris");
        assertThat(version.at("/output/classes/0").stringValue()).isEqualTo("setosa");
        assertThat(answers("import-again", FLOWERS)).isEqualTo(answers(IRIS, FLOWERS));
        assertThat(download("import-again", 1)).isEqualTo(iris);
        assertThat(service.post("/api/v1/jobs/validate", base("import-again", "iris"))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void sameIdempotencyKeyGivesTheFirstVersionAgain() {
        String[] key = {"Idempotency-Key", UUID.randomUUID().toString()};
        assertProblem(Upload.send(service, "import-once", iris, "{'tags': 1}", key), 400, "tags");
        HttpResponse<String> first = Upload.send(service, "import-once", iris, null, key);
        assertThat(first.statusCode()).as(first.body()).isEqualTo(201);

        HttpResponse<String> second = Upload.send(service, "import-once", iris, null, key);
        assertThat(second.statusCode()).isEqualTo(201);
        assertThat(Service.json(second)).isEqualTo(Service.json(first));
        assertThat(second.headers().firstValue("Location"))
                .isEqualTo(first.headers().firstValue("Location"));
        assertProblem(
                Upload.send(service, "import-once", iris, "{'description': 'Another'}", key),
                422,
                "idempotency-key-reused");
        assertProblem(Upload.send(service, "import-twice", iris, null, key), 422, "idempotency-key-reused");
        assertThat(Service.json(service.get("/api/v1/models/import-once")).get("versions"))
                .hasSize(1);
    }

    /** The file of another service of this kind, whose registry is not here. */
    @Test
    void aZipThatIsNotKnownTakesADatasetsRowsAndClasses() {
        byte[] unknown = Upload.with(iris, "updaterState.bin", new byte[] {1, 2, 3});

        JsonNode version = imported("import-unknown", unknown, "{'dataset': {'name': 'iris'}}");

        assertThat(version.at("/input/encoding/type").stringValue()).isEqualTo("columns");
        assertThat(answers("import-unknown", FLOWERS)).isEqualTo(answers(IRIS, FLOWERS));
        assertProblem(
                service.post("/api/v1/jobs/validate", base("import-unknown", "iris")),
                422,
                "was imported from a DL4J zip of another program");
    }

    /** DL4J's own example of a network: pictures come in as vectors, channels first. */
    @Test
    void aNetworkOfDl4jTakesItsPicturesChannelsLast() throws IOException {
        MultiLayerNetwork flat = network(InputType.convolutionalFlat(6, 5, 2), DataType.DOUBLE);
        MultiLayerNetwork first = network(InputType.convolutional(6, 5, 2), DataType.FLOAT);
        float[] rows = random(3 * 60);
        INDArray pictures = Nd4j.create(rows, new long[] {3, 6, 5, 2}, 'c').permute(0, 3, 1, 2);

        JsonNode version = imported("import-flat", saved(flat), null);
        assertThat(version.at("/input/shape").toString()).isEqualTo("[6,5,2]");
        assertThat(version.at("/summary/layers/1/type").stringValue()).isNotEmpty();
        assertSame(
                answers("import-flat", rows(rows, 3)),
                flat.output(pictures.dup('c').reshape(3, 60).castTo(DataType.DOUBLE)));

        assertProblem(Upload.send(service, "import-first", saved(first), null), 422, "is required, or a dataset");
        imported("import-first", saved(first), "{'input_shape': [6, 5, 2], 'task': 'classification'}");
        assertSame(answers("import-first", rows(rows, 3)), first.output(pictures.dup('c')));
    }

    @Test
    void numbersAreScaledWhereTheSpecSaysSo() throws IOException {
        byte[] file = Files.readAllBytes(KerasFileTest.file("loss mse"));
        imported("import-scaled", file, "{'scale': 0.5}");
        imported("import-scaled", file, "{'task': 'regression'}");

        String half = answer("import-scaled", "1", "[[1, 2, 3, 4, 5]]")
                .at("/predictions")
                .toString();
        String whole = answer("import-scaled", "2", "[[0.5, 1, 1.5, 2, 2.5]]")
                .at("/predictions")
                .toString();
        assertThat(half).isEqualTo(whole).contains("\"value\":");
    }

    @Test
    void aNetworkOfDl4jTakesItsSequencesStepByStep() throws IOException {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(5)
                .list()
                .layer(new LastTimeStep(new LSTM.Builder().nIn(3).nOut(4).build()))
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MSE)
                        .nIn(4)
                        .nOut(1)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        network.init();
        float[] rows = random(2 * 15);
        INDArray steps = Nd4j.create(rows, new long[] {2, 5, 3}, 'c');

        imported("import-steps", saved(network), "{'input_shape': [5, 3]}");

        JsonNode predictions =
                answer("import-steps", "\"latest\"", rows(rows, 2)).get("predictions");
        float[] values = {
            predictions.at("/0/value").floatValue(), predictions.at("/1/value").floatValue()
        };
        assertSame(values, network.output(steps.permute(0, 2, 1).dup('c')));
    }

    private static MultiLayerNetwork network(InputType input, DataType type) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(type)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .nIn(2)
                        .nOut(4)
                        .activation(Activation.TANH)
                        .build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(input)
                .build());
        network.init();
        return network;
    }

    private static byte[] saved(MultiLayerNetwork network) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ModelSerializer.writeModel(network, out, true);
        return out.toByteArray();
    }

    private static float[] random(int count) {
        SplittableRandom random = new SplittableRandom(3);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }

    private static void assertSame(float[] answers, INDArray expected) {
        float[] values = expected.dup('c').data().asFloat();
        assertThat(answers).hasSameSizeAs(values);
        for (int i = 0; i < values.length; i++) {
            assertThat(answers[i]).isCloseTo(values[i], Offset.offset(1e-6f));
        }
    }

    /** Flat rows as JSON. */
    private static String rows(float[] values, int rows) {
        int size = values.length / rows;
        List<String> texts = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            texts.add(Arrays.toString(Arrays.copyOfRange(values, row * size, (row + 1) * size)));
        }
        return texts.toString();
    }

    private static float[] answers(String model, String instances) {
        JsonNode predictions = answer(model, "\"latest\"", instances).get("predictions");
        return KerasFileTest.floats(Service.JSON
                .createArrayNode()
                .addAll(predictions
                        .valueStream()
                        .flatMap(each -> each.get("probabilities").valueStream())
                        .toList()));
    }

    private static JsonNode answer(String model, String version, String instances) {
        HttpResponse<String> response = service.post(
                "/predict",
                "{\"model\": \"%s\", \"version\": %s, \"instances\": %s}".formatted(model, version, instances));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Service.json(response);
    }

    private static String base(String model, String dataset) {
        return """
                {"model": "import-forked", "dataset": "%s", "network": {"base": {"model": "%s"}},
                 "training": {"epochs": 1}}
                """.formatted(dataset, model);
    }

    private static byte[] download(String model, int version) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(
                                        service.uri("/api/v1/models/" + model + "/versions/" + version + "/artifact"))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray())
                .body();
    }

    private static JsonNode imported(String model, byte[] file, @Nullable String spec) {
        HttpResponse<String> response = Upload.send(service, model, file, spec);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        JsonNode version = Service.json(response);
        assertThat(response.headers().firstValue("Location"))
                .hasValue("/api/v1/models/" + model + "/versions/" + version.get("version"));
        return version;
    }

    private static void assertProblem(HttpResponse<String> response, int status, String fragment) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.body()).contains(fragment);
    }
}
