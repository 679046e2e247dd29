package io.trainyard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Whatever a client sends, the answer is a problem that says what is wrong and where, and the service goes on. */
class MalformedRequestsTest {

    private static final String JOBS = "/api/v1/jobs";
    private static final String VALIDATE = "/api/v1/jobs/validate";
    private static final String PREDICT = "/predict";
    private static final String BATCH_PREDICTIONS = "/api/v1/batch-predictions";
    private static final String JSON_TYPE = "application/json";

    private static final String MALFORMED = "malformed-request";
    private static final String UNKNOWN_FIELD = "unknown-field";
    private static final String INVALID = "invalid-request";
    private static final String INVALID_INSTANCE = "invalid-instance";
    private static final String NO_MEMORY = "insufficient-memory";
    private static final String NOT_FOUND = "not-found";
    private static final String WRONG_MEDIA_TYPE = "unsupported-media-type";
    private static final String TOO_LARGE = "payload-too-large";

    /** Status and title of each kind of problem that a request can cause. */
    private static final Map<String, Kind> KINDS = Map.of(
            MALFORMED,
            new Kind(400, "Malformed request"),
            UNKNOWN_FIELD,
            new Kind(400, "Unknown field"),
            INVALID,
            new Kind(422, "Invalid request"),
            "invalid-network",
            new Kind(422, "Invalid network"),
            INVALID_INSTANCE,
            new Kind(422, "Invalid instance"),
            NO_MEMORY,
            new Kind(422, "Not enough memory"),
            NOT_FOUND,
            new Kind(404, "Not found"),
            "method-not-allowed",
            new Kind(405, "Method not allowed"),
            WRONG_MEDIA_TYPE,
            new Kind(415, "Unsupported media type"),
            TOO_LARGE,
            new Kind(413, "Payload too large"));

    /** What only somebody with the sources would understand. */
    private static final List<String> INTERNALS = List.of(
            "Exception",
            "io.trainyard",
            "tools.jackson",
            "java.",
            "select ",
            "StreamRead",
            "JsonReadFeature",
            "REDACTED");

    private static final String TABLE_JOB = """
        {"model": "malformed", "dataset": "iris",
         "network": {"layers": [{"type": "dense", "units": 16, "activation": "relu"},
                                {"type": "dense", "units": 3, "activation": "softmax"}]},
         "training": {"epochs": 1, "batch_size": 16, "seed": 7,
                      "optimizer": {"type": "adam", "learning_rate": 0.02}}}
        """;

    private static final String IMAGE_JOB = """
        {"model": "malformed-digits", "dataset": "digits",
         "network": {"layers": [{"type": "flatten"}, {"type": "dense", "units": 10, "activation": "softmax"}]},
         "training": {"epochs": 1}}
        """;

    private static final String PRESET_JOB = """
        {"model": "malformed", "dataset": "iris", "network": {"preset": "rung-1"}}
        """;

    private static final String TABLE_MODEL = "malformed-iris";
    private static final String IMAGE_MODEL = "malformed-digits";
    private static final String FLOWER =
            "{'sepal_length': 5.1, 'sepal_width': 3.5, 'petal_length': 1.4, 'petal_width': 0.2}";
    private static final String PIXELS = image("0");

    private static final Service service = Service.shared();
    private static String finishedJob = "";

    /** What a problem's type fixes. */
    private record Kind(int status, String title) {}

    /**
     * A request that must be refused.
     *
     * @param problemType the last segment of the problem's type
     * @param pointer of the field at fault; null where no one field is
     * @param fragment of the detail, or of an error's detail, that names the fault
     */
    private record Case(
            String name,
            String method,
            String path,
            @Nullable String contentType,
            @Nullable String body,
            int status,
            String problemType,
            @Nullable String pointer,
            String fragment) {

        @Override
        public String toString() {
            return method + " " + path + ": " + name;
        }
    }

    @BeforeAll
    static void trainModelsToAskForPredictions() {
        finishedJob = service.submit(Service.irisJob(TABLE_MODEL, 1));
        String digits = service.submit(IMAGE_JOB);
        service.await(finishedJob, "SUCCEEDED");
        service.await(digits, "SUCCEEDED");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"unknownFields", "wrongTypes", "values", "networks"})
    void aMalformedJobIsRefusedWithTheFieldAtFault(Case malformed) {
        assertRefused(malformed);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"bodies", "trailing"})
    void aBodyThatCannotBeReadIsRefused(Case malformed) {
        assertRefused(malformed);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("predictions")
    void aMalformedPredictionIsRefusedWithTheFieldAtFault(Case malformed) {
        assertRefused(malformed);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("addresses")
    void aBadAddressOrParameterIsRefused(Case malformed) {
        assertRefused(malformed);
    }

    @Test
    void anUnknownLastEventIdIsRefused() {
        String path = JOBS + "/" + finishedJob + "/events";
        HttpResponse<String> response = service.send(HttpRequest.newBuilder(service.uri(path))
                .header("Accept", "text/event-stream")
                .header("Last-Event-ID", "yesterday"));

        assertProblem(
                response,
                get("an unknown Last-Event-ID", path, INVALID, "Last-Event-ID", "must be the id of an event"));
    }

    @AfterAll
    static void theServiceStillWorks() {
        assertThat(service.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
        HttpResponse<String> image = service.post(PREDICT, prediction(IMAGE_MODEL, PIXELS));
        assertThat(image.statusCode()).as(image.body()).isEqualTo(200);
        HttpResponse<String> flower = service.post(PREDICT, prediction(TABLE_MODEL, FLOWER));
        assertThat(flower.statusCode()).as(flower.body()).isEqualTo(200);
        HttpResponse<String> job = service.post(VALIDATE, TABLE_JOB);
        assertThat(job.statusCode()).as(job.body()).isEqualTo(200);
    }

    private static void assertRefused(Case malformed) {
        HttpRequest.Builder request = HttpRequest.newBuilder(service.uri(malformed.path()))
                .method(
                        malformed.method(),
                        malformed.body() == null ? BodyPublishers.noBody() : BodyPublishers.ofString(malformed.body()));
        if (malformed.contentType() != null) {
            request.header("Content-Type", malformed.contentType());
        }
        assertProblem(service.send(request), malformed);
    }

    private static void assertProblem(HttpResponse<String> response, Case malformed) {
        String body = response.body();
        assertThat(response.statusCode()).as(body).isEqualTo(malformed.status());
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(response.headers().firstValue("X-Request-Id")).isPresent();

        JsonNode problem = Service.json(response);
        assertThat(problem.path("type").asString("")).isEqualTo("/problems/" + malformed.problemType());
        assertThat(problem.path("title").asString(""))
                .isEqualTo(kind(malformed.problemType()).title());
        assertThat(problem.path("status").asInt(0)).isEqualTo(malformed.status());
        assertThat(problem.path("instance").asString("")).isEqualTo(pathOnly(malformed.path()));
        List<JsonNode> errors = problem.path("errors").valueStream().toList();
        if (malformed.pointer() != null) {
            assertThat(errors)
                    .extracting(error -> error.path("pointer").asString(""))
                    .contains(malformed.pointer());
        }
        assertThat(Stream.concat(Stream.of(problem), errors.stream())
                        .map(holder -> holder.path("detail").asString("")))
                .anySatisfy(detail -> assertThat(detail).contains(malformed.fragment()));
        assertThat(body).doesNotContain(INTERNALS);
    }

    private static String pathOnly(String path) {
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }

    static Stream<Case> unknownFields() {
        return both(jobs(TABLE_JOB, """
            unknown field at the top | 'model': 'malformed' | 'model': 'malformed', 'modle': 'x' | unknown-field | /modle | unknown field 'modle'
            unknown field in network | 'layers' | 'layer_count': 2, 'layers' | unknown-field | /network/layer_count | unknown field 'layer_count'
            unknown field in a layer | 'units': 16 | 'units': 16, 'unit': 3 | unknown-field | /network/layers/0/unit | unknown field 'unit'
            unknown field in training | 'epochs': 1 | 'epochs': 1, 'epoch': 2 | unknown-field | /training/epoch | unknown field 'epoch'
            unknown field in optimizer | 'type': 'adam', 'learning_rate': 0.02 | 'type': 'adam', 'learning_rate': 0.02, 'lr': 0.1 | unknown-field | /training/optimizer/lr | unknown field 'lr'
            unknown field in schedule | 'seed': 7 | 'learning_rate_schedule': {'type': 'exponential', 'decay_rate': 0.5, 'gamma': 1} | unknown-field | /training/learning_rate_schedule/gamma | unknown field 'gamma'
            unknown field in early stopping | 'seed': 7 | 'early_stopping': {'patience': 1, 'wait': 1} | unknown-field | /training/early_stopping/wait | unknown field 'wait'
            unknown field in the dataset object | 'iris' | {'name': 'iris', 'split': 'x'} | unknown-field | /dataset/split | unknown field 'split'
            """));
    }

    static Stream<Case> wrongTypes() {
        return both(Stream.concat(jobs(TABLE_JOB, """
            string for an integer | 'epochs': 1 | 'epochs': '1' | malformed-request | /training/epochs | must be an integer
            fraction for an integer | 'epochs': 1 | 'epochs': 1.5 | malformed-request | /training/epochs | must be an integer
            boolean for an integer | 'epochs': 1 | 'epochs': true | malformed-request | /training/epochs | must be an integer
            integer beyond 32 bits | 'epochs': 1 | 'epochs': 3000000000 | malformed-request | /training/epochs | out of range
            string for a number | 'learning_rate': 0.02 | 'learning_rate': '0.02' | malformed-request | /training/optimizer/learning_rate | must be a number
            string for a boolean | 'seed': 7 | 'shuffle': 'yes' | malformed-request | /training/shuffle | must be true or false
            number for a boolean | 'seed': 7 | 'shuffle': 1 | malformed-request | /training/shuffle | must be true or false
            fraction for the seed | 'seed': 7 | 'seed': 7.5 | malformed-request | /training/seed | must be an integer
            seed beyond 64 bits | 'seed': 7 | 'seed': 9223372036854775808 | malformed-request | /training/seed | out of range
            number for a string | 'model': 'malformed' | 'model': 7 | malformed-request | /model | must be a string
            number for an enum | 'activation': 'relu' | 'activation': 1 | malformed-request | /network/layers/0/activation | must be a string
            object for the layers | 'layers': [{'type': 'dense', 'units': 16, 'activation': 'relu'}, | 'layers': {}, 'rest': [{'type': 'dense', 'units': 16, 'activation': 'relu'}, | malformed-request | /network/layers | must be an array
            array for an object | {'type': 'adam', 'learning_rate': 0.02} | [] | malformed-request | /training/optimizer | must be a JSON object
            number for an object | {'type': 'adam', 'learning_rate': 0.02} | 3 | malformed-request | /training/optimizer | must be a JSON object
            number for a layer | {'type': 'dense', 'units': 16, 'activation': 'relu'} | 5 | malformed-request | /network/layers/0 | must be a JSON object
            number for the dataset | 'iris' | 5 | malformed-request | /dataset | must be a name
            string in input_shape | 'layers' | 'input_shape': ['4'], 'layers' | malformed-request | /network/input_shape/0 | must be an integer
            input_shape as a number | 'layers' | 'input_shape': 4, 'layers' | malformed-request | /network/input_shape | must be an array
            dataset version as a string | 'iris' | {'name': 'iris', 'version': '1'} | malformed-request | /dataset/version | must be an integer
            label that is a number | 'dataset' | 'labels': {'team': 1}, 'dataset' | malformed-request | /labels/team | must be a string
            labels as an array | 'dataset' | 'labels': ['team'], 'dataset' | malformed-request | /labels | must be a JSON object
            priority as a string | 'dataset' | 'priority': 'high', 'dataset' | malformed-request | /priority | must be an integer
            duplicate key | 'dataset' | 'model': 'other', 'dataset' | malformed-request | - | uplicate
            NaN literal | 0.02 | NaN | malformed-request | - | not valid JSON
            Infinity literal | 0.02 | Infinity | malformed-request | - | not valid JSON
            leading zero | 'epochs': 1 | 'epochs': 01 | malformed-request | - | not valid JSON
            comment in the JSON | {'model' | /* x */ {'model' | malformed-request | - | not valid JSON
            """), jobs(IMAGE_JOB, """
                kernel size as a string | {'type': 'flatten'} | {'type': 'conv2d', 'filters': 2, 'kernel_size': '3'}, {'type': 'flatten'} | malformed-request | /network/layers/0/kernel_size | must be an integer
                """)));
    }

    static Stream<Case> values() {
        return both(Stream.concat(jobs(TABLE_JOB, """
            null model | 'model': 'malformed' | 'model': null | invalid-request | /model | is required
            null epochs | 'epochs': 1 | 'epochs': null | invalid-request | /training/epochs | is required
            null units | 'units': 16 | 'units': null | invalid-request | /network/layers/0/units | is required
            missing model | 'model': 'malformed', 'dataset' | 'dataset' | invalid-request | /model | is required
            missing dataset | , 'dataset': 'iris' |  | invalid-request | /dataset | is required
            null dataset | 'iris' | null | invalid-request | /dataset | is required
            missing epochs | 'epochs': 1, 'batch_size' | 'batch_size' | invalid-request | /training/epochs | is required
            missing units | 'units': 16, 'activation' | 'activation' | invalid-request | /network/layers/0/units | is required
            missing dropout rate | {'type': 'dense', 'units': 16, 'activation': 'relu'} | {'type': 'dropout'} | invalid-request | /network/layers/0/rate | is required
            missing decay rate | 'seed': 7 | 'learning_rate_schedule': {'type': 'exponential'} | invalid-request | /training/learning_rate_schedule/decay_rate | is required
            negative epochs | 'epochs': 1 | 'epochs': -1 | invalid-request | /training/epochs | must be from 1 to
            zero epochs | 'epochs': 1 | 'epochs': 0 | invalid-request | /training/epochs | was 0
            too many epochs | 'epochs': 1 | 'epochs': 1000000 | invalid-request | /training/epochs | was 1000000
            zero batch size | 'batch_size': 16 | 'batch_size': 0 | invalid-request | /training/batch_size | was 0
            negative batch size | 'batch_size': 16 | 'batch_size': -16 | invalid-request | /training/batch_size | was -16
            zero shuffle buffer | 'batch_size': 16 | 'batch_size': 16, 'shuffle_buffer': 0 | invalid-request | /training/shuffle_buffer | was 0
            small shuffle buffer | 'batch_size': 16 | 'batch_size': 16, 'shuffle_buffer': 15 | invalid-request | /training/shuffle_buffer | batch_size is 16, this was 15
            idle shuffle buffer | 'batch_size': 16 | 'batch_size': 16, 'shuffle_buffer': 20, 'shuffle': false | invalid-request | /training/shuffle_buffer | shuffle is false
            huge batch size | 'batch_size': 16 | 'batch_size': 100000000 | invalid-request | /training/batch_size | was 100000000
            learning rate 0 | 'learning_rate': 0.02 | 'learning_rate': 0 | invalid-request | /training/optimizer/learning_rate | greater than 0
            negative learning rate | 'learning_rate': 0.02 | 'learning_rate': -0.1 | invalid-request | /training/optimizer/learning_rate | greater than 0
            infinite learning rate | 'learning_rate': 0.02 | 'learning_rate': 1e999 | invalid-request | /training/optimizer/learning_rate | must be
            adam beta_1 of 1 | 0.02 | 0.02, 'beta_1': 1 | invalid-request | /training/optimizer/beta_1 | less than 1
            momentum 1 | 'type': 'adam', 'learning_rate': 0.02 | 'type': 'sgd', 'momentum': 1 | invalid-request | /training/optimizer/momentum | less than 1
            nesterov without momentum | 'type': 'adam', 'learning_rate': 0.02 | 'type': 'sgd', 'nesterov': true | invalid-request | /training/optimizer/nesterov | momentum
            dropout rate 1.0 | {'type': 'dense', 'units': 16, 'activation': 'relu'} | {'type': 'dropout', 'rate': 1.0} | invalid-request | /network/layers/0/rate | less than 1
            negative dropout rate | {'type': 'dense', 'units': 16, 'activation': 'relu'} | {'type': 'dropout', 'rate': -0.1} | invalid-request | /network/layers/0/rate | at least 0
            zero units | 'units': 16 | 'units': 0 | invalid-request | /network/layers/0/units | was 0
            unknown layer type | 'type': 'dense', 'units': 16 | 'type': 'dens', 'units': 16 | invalid-request | /network/layers/0/type | 'dens' is not a known type
            missing layer type | 'type': 'dense', 'units': 16 | 'units': 16 | invalid-request | /network/layers/0/type | is required
            empty layer type | 'type': 'dense', 'units': 16 | 'type': '', 'units': 16 | invalid-request | /network/layers/0/type | is not a known type
            numeric layer type | 'type': 'dense', 'units': 16 | 'type': 3, 'units': 16 | invalid-request | /network/layers/0/type | known type
            unknown activation | 'relu' | 'rellu' | invalid-request | /network/layers/0/activation | 'rellu' is not one of
            activation in upper case | 'relu' | 'RELU' | invalid-request | /network/layers/0/activation | 'RELU' is not one of
            empty activation | 'relu' | '' | invalid-request | /network/layers/0/activation | is not one of
            unknown loss | 'seed': 7 | 'loss': 'hinge' | invalid-request | /training/loss | 'hinge' is not one of
            unknown loss as an object | 'seed': 7 | 'loss': {'type': 'hinge'} | invalid-request | /training/loss/type | 'hinge' is not a known type
            label smoothing 1 | 'seed': 7 | 'loss': {'type': 'categorical_crossentropy', 'label_smoothing': 1} | invalid-request | /training/loss/label_smoothing | less than 1
            loss for numbers | 'seed': 7 | 'loss': 'binary_crossentropy' | invalid-request | /training/loss | sigmoid
            unknown metric | 'seed': 7 | 'metrics': ['accuracy', 'acuracy'] | invalid-request | /training/metrics/1 | 'acuracy' is not one of
            metric for numbers | 'seed': 7 | 'metrics': ['accuracy', 'rmse'] | invalid-request | /training/metrics/1 | rmse is for regression
            metric twice | 'seed': 7 | 'metrics': [{'type': 'top_k_categorical_accuracy', 'k': 1}, {'type': 'top_k_categorical_accuracy', 'k': 2}] | invalid-request | /training/metrics | once
            null metric | 'seed': 7 | 'metrics': [null] | invalid-request | /training/metrics | no null
            k of 0 | 'seed': 7 | 'metrics': [{'type': 'top_k_categorical_accuracy', 'k': 0}] | invalid-request | /training/metrics/0/k | was 0
            weight of an unknown class | 'seed': 7 | 'class_weight': {'rose': 2} | invalid-request | /training/class_weight/rose | no such class
            negative class weight | 'seed': 7 | 'class_weight': {'setosa': -2} | invalid-request | /training/class_weight | greater than 0
            augmentation of a table | 'seed': 7 | 'augmentation': {'rotation_range': 10} | invalid-request | /training/augmentation | pictures
            two ways of clipping | 0.02 | 0.02, 'clipnorm': 1, 'clipvalue': 1 | invalid-request | /training/optimizer/clipvalue | only one of
            clipnorm 0 | 0.02 | 0.02, 'clipnorm': 0 | invalid-request | /training/optimizer/clipnorm | greater than 0
            plateau of an unknown metric | 'seed': 7 | 'learning_rate_schedule': {'type': 'reduce_on_plateau', 'monitor': 'val_auc'} | invalid-request | /training/learning_rate_schedule/monitor | is not computed
            plateau factor 1 | 'seed': 7 | 'learning_rate_schedule': {'type': 'reduce_on_plateau', 'factor': 1} | invalid-request | /training/learning_rate_schedule/factor | less than 1
            unknown optimizer as a name | {'type': 'adam', 'learning_rate': 0.02} | 'adamm' | invalid-request | /training/optimizer | 'adamm' is not one of
            unknown initializer | 'units': 16 | 'units': 16, 'kernel_initializer': 'glorot' | invalid-request | /network/layers/0/kernel_initializer | 'glorot' is not one of
            initializer with an unknown field | 'units': 16 | 'units': 16, 'kernel_initializer': {'type': 'zeros', 'seed': 1} | unknown-field | /network/layers/0/kernel_initializer/seed | unknown field
            negative regularizer | 'units': 16 | 'units': 16, 'kernel_regularizer': {'type': 'l2', 'l2': -1} | invalid-request | /network/layers/0/kernel_regularizer/l2 | at least 0
            constraint over a missing axis | 'units': 16 | 'units': 16, 'kernel_constraint': {'type': 'max_norm', 'axis': 3} | invalid-network | /network/layers/0 | do not exist
            axis as a string | 'units': 16 | 'units': 16, 'kernel_constraint': {'type': 'max_norm', 'axis': 'x'} | malformed-request | /network/layers/0/kernel_constraint/axis | must be an integer
            empty inputs | 'units': 16 | 'units': 16, 'inputs': [] | invalid-request | /network/layers/0/inputs | from 1 to
            unknown optimizer | 'adam' | 'adamm' | invalid-request | /training/optimizer/type | 'adamm' is not a known type
            missing optimizer type | 'type': 'adam', 'learning_rate' | 'learning_rate' | invalid-request | /training/optimizer/type | is required
            unknown schedule | 'seed': 7 | 'learning_rate_schedule': {'type': 'linear'} | invalid-request | /training/learning_rate_schedule/type | 'linear' is not a known type
            unknown monitor | 'seed': 7 | 'early_stopping': {'monitor': 'val_accurcy'} | invalid-request | /training/early_stopping/monitor | 'val_accurcy' is not computed
            monitor that is no name | 'seed': 7 | 'early_stopping': {'monitor': 'Val Loss'} | invalid-request | /training/early_stopping/monitor | name of a metric
            negative patience | 'seed': 7 | 'early_stopping': {'patience': -1} | invalid-request | /training/early_stopping/patience | was -1
            decay rate above 1 | 'seed': 7 | 'learning_rate_schedule': {'type': 'exponential', 'decay_rate': 1.5} | invalid-request | /training/learning_rate_schedule/decay_rate | was 1.5
            step size 0 | 'seed': 7 | 'learning_rate_schedule': {'type': 'step', 'decay_rate': 0.5, 'step_size': 0} | invalid-request | /training/learning_rate_schedule/step_size | was 0
            empty input_shape | 'layers' | 'input_shape': [], 'layers' | invalid-request | /network/input_shape | one to four dimensions
            zero in input_shape | 'layers' | 'input_shape': [0], 'layers' | invalid-request | /network/input_shape | at least 1
            null in input_shape | 'layers' | 'input_shape': [null], 'layers' | invalid-request | /network/input_shape | at least 1
            too many units | 'units': 16 | 'units': 2000000 | invalid-request | /network/layers/0/units | was 2000000
            layer name with U+0000 | 'units': 16 | 'units': 16, 'name': 'a\\u0000' | invalid-request | /network/layers/0/name | U+0000
            null layer | {'type': 'dense', 'units': 16, 'activation': 'relu'} | null | invalid-request | /network/layers | must not hold null
            model in upper case | 'malformed' | 'Probe' | invalid-request | /model | must match
            model with a slash | 'malformed' | 'a/b' | invalid-request | /model | must match
            model that climbs out of its folder | 'malformed' | '../x' | invalid-request | /model | must match
            empty model | 'malformed' | '' | invalid-request | /model | must match
            model of 64 characters | 'malformed' | 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' | invalid-request | /model | must match
            model with a line break | 'malformed' | 'a\\n' | invalid-request | /model | must match
            dataset name out of its alphabet | 'iris' | '../iris' | invalid-request | /dataset/name | must match
            dataset version 0 | 'iris' | {'name': 'iris', 'version': 0} | invalid-request | /dataset/version | at least 1
            dataset without a name | 'iris' | {'version': 1} | invalid-request | /dataset/name | is required
            null label | 'dataset' | 'labels': {'team': null}, 'dataset' | invalid-request | /labels | must not hold null
            empty label key | 'dataset' | 'labels': {'': 'x'}, 'dataset' | invalid-request | /labels | at most 63
            label of 64 characters | 'dataset' | 'labels': {'team': 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'}, 'dataset' | invalid-request | /labels | at most 63
            label with U+0000 | 'dataset' | 'labels': {'team': 'a\\u0000'}, 'dataset' | invalid-request | /labels | U+0000
            priority out of range | 'dataset' | 'priority': 1001, 'dataset' | invalid-request | /priority | was 1001
            runtime of zero seconds | 'dataset' | 'max_runtime_seconds': 0, 'dataset' | invalid-request | /max_runtime_seconds | was 0
            """), jobs(IMAGE_JOB, """
                unknown padding | {'type': 'flatten'} | {'type': 'conv2d', 'filters': 2, 'kernel_size': 3, 'padding': 'full'}, {'type': 'flatten'} | invalid-request | /network/layers/0/padding | 'full' is not one of
                kernel size 0 | {'type': 'flatten'} | {'type': 'conv2d', 'filters': 2, 'kernel_size': 0}, {'type': 'flatten'} | invalid-request | /network/layers/0/kernel_size | must be from 1 to
                kernel size of three numbers | {'type': 'flatten'} | {'type': 'conv2d', 'filters': 2, 'kernel_size': [3, 3, 3]}, {'type': 'flatten'} | invalid-request | /network/layers/0/kernel_size | must be an integer or
                missing kernel size | {'type': 'flatten'} | {'type': 'conv2d', 'filters': 2}, {'type': 'flatten'} | invalid-request | /network/layers/0/kernel_size | is required
                """)));
    }

    static Stream<Case> networks() {
        String wide = "{'type': 'conv2d', 'filters': 65536, 'kernel_size': 1024, 'padding': 'same'}, ";
        return both(Stream.of(
                        jobs(TABLE_JOB, """
                            pooling on a vector | {'type': 'dense', 'units': 16, 'activation': 'relu'} | {'type': 'max_pooling2d'} | invalid-network | /network/layers/0 | [4]
                            convolution on a vector | {'type': 'dense', 'units': 16, 'activation': 'relu'} | {'type': 'conv2d', 'filters': 2, 'kernel_size': 3} | invalid-network | /network/layers/0 | [4]
                            last layer not softmax | 'softmax' | 'relu' | invalid-network | /network/layers/1 | softmax
                            wrong number of classes | 'units': 3 | 'units': 4 | invalid-network | /network/layers/1 | 3 classes
                            input_shape that disagrees | 'layers' | 'input_shape': [5], 'layers' | invalid-network | /network/input_shape | [4]
                            layers too large for memory | 'units': 16, 'activation': 'relu'} | 'units': 1000000}, {'type': 'dense', 'units': 1000000} | insufficient-memory | - | Training needs about
                            duplicate layer names | {'type': 'dense', 'units': 16, 'activation': 'relu'} | {'type': 'dense', 'units': 16, 'name': 'a'}, {'type': 'dense', 'units': 16, 'name': 'a'} | invalid-network | /network/layers/1/name | 'a' is already used
                            input that does not exist | 'units': 3 | 'units': 3, 'inputs': ['conv'] | invalid-network | /network/layers/1/inputs/0 | there is no layer 'conv'
                            input that comes later | 'units': 16 | 'units': 16, 'inputs': ['dense_1'] | invalid-network | /network/layers/0/inputs/0 | before this one
                            layer that nobody takes | 'units': 3 | 'units': 3, 'inputs': ['input'] | invalid-network | /network/layers/0 | no layer takes
                            layer named as the input | 'units': 16 | 'units': 16, 'name': 'input' | invalid-network | /network/layers/0/name | already used
                            name with half a surrogate pair | 'units': 16 | 'units': 16, 'name': '\\ud800' | invalid-request | /network/layers/0/name | surrogate
                            sum of one layer | {'type': 'dense', 'units': 16, 'activation': 'relu'} | {'type': 'add'} | invalid-network | /network/layers/0 | two or more
                            sum of different shapes | {'type': 'dense', 'units': 16, 'activation': 'relu'} | {'type': 'dense', 'units': 16}, {'type': 'add', 'inputs': ['dense', 'input']} | invalid-network | /network/layers/1 | one shape
                            frozen layer that does not exist | 'layers' | 'freeze': ['conv2d'], 'layers' | invalid-network | /network/freeze/0 | there is no layer 'conv2d'
                            embedding of scaled values | {'type': 'dense', 'units': 16, 'activation': 'relu'} | {'type': 'embedding', 'input_dim': 4, 'output_dim': 2}, {'type': 'flatten'} | invalid-network | /network/layers/0 | takes integers
                            nothing to train | 'layers' | 'freeze': ['dense', 'dense_1'], 'layers' | invalid-network | /network | no weight
                            recurrent layer on a vector | {'type': 'dense', 'units': 16, 'activation': 'relu'} | {'type': 'lstm', 'units': 4} | invalid-network | /network/layers/0 | [steps, features]
                            reshape of another size | {'type': 'dense', 'units': 16, 'activation': 'relu'} | {'type': 'reshape', 'target_shape': [5]} | invalid-network | /network/layers/0 | cannot make [5]
                            reshape to sizes that overflow | {'type': 'dense', 'units': 16, 'activation': 'relu'} | {'type': 'reshape', 'target_shape': [4194304, 2097152, 2097152, -1]} | invalid-network | /network/layers/0 | cannot make
                            layers and a preset | 'layers' | 'preset': 'rung-1', 'layers' | invalid-request | /network | in one way
                            unknown dataset | 'iris' | 'irises' | not-found | - | 'irises'
                            dataset version 99 | 'iris' | {'name': 'iris', 'version': 99} | not-found | - | iris/99
                            """),
                        jobs(IMAGE_JOB, """
                            dense on an image without flatten | {'type': 'flatten'}, {'type' | {'type' | invalid-network | /network/layers/0 | flatten
                            window that does not fit | {'type': 'flatten'} | {'type': 'conv2d', 'filters': 2, 'kernel_size': 9}, {'type': 'flatten'} | invalid-network | /network/layers/0 | does not fit
                            second window that does not fit | {'type': 'flatten'} | {'type': 'max_pooling2d', 'pool_size': 4}, {'type': 'max_pooling2d', 'pool_size': [3, 2]}, {'type': 'flatten'} | invalid-network | /network/layers/1 | [3, 2]
                            softmax on an image | {'type': 'flatten'} | {'type': 'activation', 'activation': 'softmax'}, {'type': 'flatten'} | invalid-network | /network/layers/0 | [8, 8, 1]
                            """),
                        jobs(PRESET_JOB, """
                            preset for other classes | iris | iris | invalid-network | /network/preset | 3 classes
                            unknown preset | rung-1 | rung-12 | invalid-network | /network/preset | there is no preset 'rung-12'
                            two sources | 'preset': 'rung-1' | 'preset': 'rung-1', 'base': {'model': 'x'} | invalid-request | /network | in one way
                            no source | 'preset': 'rung-1' | | invalid-request | /network/layers | is required
                            base that does not exist | 'preset': 'rung-1'} | 'base': {'model': 'nobody'}}, 'training': {'epochs': 1} | not-found | - | 'nobody'
                            base without a model | 'preset': 'rung-1'} | 'base': {'version': 1}}, 'training': {'epochs': 1} | invalid-request | /network/base/model | is required
                            base version 0 | 'preset': 'rung-1'} | 'base': {'model': 'x', 'version': 0}}, 'training': {'epochs': 1} | invalid-request | /network/base/version | at least 1
                            no training | 'preset': 'rung-1' | 'base': {'model': 'x'} | invalid-request | /training | is required
                            keras that is no model | 'preset': 'rung-1'} | 'keras': {}}, 'training': {'epochs': 1} | invalid-network | /network/keras/class_name | is required
                            keras as a number | 'preset': 'rung-1'} | 'keras': 5}, 'training': {'epochs': 1} | invalid-network | /network/keras | JSON
                            keras with a lambda | 'preset': 'rung-1'} | 'keras': {'class_name': 'Sequential', 'config': {'name': 's', 'layers': [{'class_name': 'Lambda', 'config': {'name': 'l'}}]}}}, 'training': {'epochs': 1} | invalid-network | /network/keras/config/layers/0/class_name | Lambda
                            """),
                        // More weights than a 64-bit count of their bytes can hold.
                        Stream.of(
                                job(
                                        "weights that overflow the estimate",
                                        IMAGE_JOB,
                                        "{'type': 'flatten'}, ",
                                        wide.repeat(300) + "{'type': 'global_average_pooling2d'}, ",
                                        NO_MEMORY,
                                        null,
                                        "Training needs"),
                                job(
                                        "weights that overflow the estimate without optimizer state",
                                        IMAGE_JOB.replace(
                                                "\"epochs\": 1", "\"epochs\": 1, \"optimizer\": {\"type\": \"sgd\"}"),
                                        "{'type': 'flatten'}, ",
                                        wide.repeat(300) + "{'type': 'global_average_pooling2d'}, ",
                                        NO_MEMORY,
                                        null,
                                        "Training needs")))
                .flatMap(cases -> cases));
    }

    static Stream<Case> bodies() {
        String yaml = "model: malformed\ndataset: iris\n";
        return Stream.of(JOBS, VALIDATE, PREDICT, BATCH_PREDICTIONS)
                .flatMap(path -> Stream.of(
                        body("no body", path, JSON_TYPE, "", MALFORMED, null, "body is missing"),
                        body("only white space", path, JSON_TYPE, "  ", MALFORMED, "", "a JSON body is required"),
                        body("null", path, JSON_TYPE, "null", MALFORMED, null, "body"),
                        body("an array", path, JSON_TYPE, "[]", MALFORMED, "", "must be a JSON object"),
                        body(
                                "an array around the object",
                                path,
                                JSON_TYPE,
                                "[" + TABLE_JOB + "]",
                                MALFORMED,
                                "",
                                "must be a JSON object"),
                        body("a string", path, JSON_TYPE, "\"job\"", MALFORMED, "", "must be a JSON object"),
                        body("a number", path, JSON_TYPE, "5", MALFORMED, "", "must be a JSON object"),
                        body("an empty object", path, JSON_TYPE, "{}", INVALID, "/model", "is required"),
                        body("no JSON", path, JSON_TYPE, "model=digits", MALFORMED, null, "not valid JSON at line 1"),
                        body(
                                "an unclosed object",
                                path,
                                JSON_TYPE,
                                "{\"model\": \"digits\"",
                                MALFORMED,
                                null,
                                "not valid JSON at line 1"),
                        body(
                                "an unclosed string",
                                path,
                                JSON_TYPE,
                                "{\"model\": \"dig",
                                MALFORMED,
                                null,
                                "not valid JSON at line 1"),
                        body(
                                "a closing bracket of the wrong kind",
                                path,
                                JSON_TYPE,
                                "{\"model\": \"digits\"]",
                                MALFORMED,
                                null,
                                "not valid JSON at line 1"),
                        body(
                                "a string in single quotes",
                                path,
                                JSON_TYPE,
                                "{'model': 'digits'}",
                                MALFORMED,
                                null,
                                "not valid JSON at line 1"),
                        body(
                                "a trailing comma",
                                path,
                                JSON_TYPE,
                                "{\"model\": \"digits\",}",
                                MALFORMED,
                                null,
                                "not valid JSON at line 1"),
                        body(
                                "a duplicate key",
                                path,
                                JSON_TYPE,
                                "{\"model\": \"a\", \"model\": \"b\"}",
                                MALFORMED,
                                null,
                                "\"model\""),
                        body(
                                "a number of 2,000 digits",
                                path,
                                JSON_TYPE,
                                "{\"model\": " + "1".repeat(2000) + "}",
                                MALFORMED,
                                null,
                                ""),
                        body(
                                "arrays nested 100,000 deep",
                                path,
                                JSON_TYPE,
                                "[".repeat(100_000),
                                MALFORMED,
                                "",
                                "must be a JSON object"),
                        body("plain text", path, "text/plain", TABLE_JOB, WRONG_MEDIA_TYPE, null, "text/plain"),
                        body(
                                "a form",
                                path,
                                "application/x-www-form-urlencoded",
                                "model=digits",
                                WRONG_MEDIA_TYPE,
                                null,
                                "application/x-www-form-urlencoded"),
                        body("YAML", path, "application/yaml", yaml, WRONG_MEDIA_TYPE, null, "application/yaml"),
                        body(
                                "a media type that is none",
                                path,
                                "nonsense",
                                TABLE_JOB,
                                WRONG_MEDIA_TYPE,
                                null,
                                "nonsense"),
                        body(
                                "a body without a media type",
                                path,
                                null,
                                TABLE_JOB,
                                WRONG_MEDIA_TYPE,
                                null,
                                "Content-Type")));
    }

    static Stream<Case> trailing() {
        return Stream.of(
                body(
                        "a second value after the job",
                        VALIDATE,
                        JSON_TYPE,
                        TABLE_JOB + "{}",
                        MALFORMED,
                        "",
                        "goes on after the end"),
                body(
                        "garbage after the job",
                        VALIDATE,
                        JSON_TYPE,
                        TABLE_JOB + "x",
                        MALFORMED,
                        null,
                        "not valid JSON at line 6"),
                body(
                        "a second value after the job",
                        JOBS,
                        JSON_TYPE,
                        TABLE_JOB + "{}",
                        MALFORMED,
                        "",
                        "goes on after the end"),
                body(
                        "garbage after the job",
                        JOBS,
                        JSON_TYPE,
                        TABLE_JOB + "x",
                        MALFORMED,
                        null,
                        "not valid JSON at line 6"),
                body(
                        "a body over 1 MB",
                        JOBS,
                        JSON_TYPE,
                        "{\"model\": \"" + "a".repeat(1_100_000) + "\"}",
                        TOO_LARGE,
                        null,
                        "1048576"),
                body("a body over 1 MB", VALIDATE, JSON_TYPE, " ".repeat(1_100_000), TOO_LARGE, null, "1048576"));
    }

    static Stream<Case> predictions() {
        return Stream.of(
                predict("an unknown model", "{'model': 'none', 'instances': [[1]]}", NOT_FOUND, null, "'none'"),
                predict(
                        "a model with U+0000",
                        "{'model': 'a\\u0000', 'instances': [[1]]}",
                        NOT_FOUND,
                        null,
                        "nothing of that name"),
                predict(
                        "a number for the model",
                        "{'model': 7, 'instances': [[1]]}",
                        MALFORMED,
                        "/model",
                        "must be a string"),
                predict("no model", "{'instances': [[1]]}", INVALID, "/model", "is required"),
                predict("a null model", "{'model': null, 'instances': [[1]]}", INVALID, "/model", "is required"),
                predict(
                        "an unknown field",
                        "{'model': 'malformed-digits', 'topk': 1, 'instances': [[1]]}",
                        UNKNOWN_FIELD,
                        "/topk",
                        "unknown field 'topk'"),
                predict(
                        "a timeout of 0",
                        "{'model': 'malformed-digits', 'timeout_ms': 0, 'instances': [[1]]}",
                        INVALID,
                        "/timeout_ms",
                        "at least 1"),
                version("an alias that there is not", "'x'", NOT_FOUND, null, "alias"),
                version("an empty version", "''", INVALID, "/version", "'latest'"),
                version("a version that is a list", "[1]", INVALID, "/version", "an alias"),
                version("an alias with U+0000", "'a\\u0000'", NOT_FOUND, null, "nothing of that name"),
                version("version 0", "0", INVALID, "/version", "from 1 on"),
                version("a negative version", "-1", INVALID, "/version", "from 1 on"),
                version("a fraction of a version", "1.5", INVALID, "/version", "1.5"),
                version("a version beyond 32 bits", "99999999999", INVALID, "/version", "99999999999"),
                version("an unknown version", "99", NOT_FOUND, null, "99"),
                predict("no instances", "{'model': 'malformed-digits'}", INVALID, "/instances", "is required"),
                predict(
                        "empty instances",
                        "{'model': 'malformed-digits', 'instances': []}",
                        INVALID,
                        "/instances",
                        "at least one"),
                predict(
                        "an object for the instances",
                        "{'model': 'malformed-digits', 'instances': {}}",
                        MALFORMED,
                        "/instances",
                        "must be an array"),
                predict(
                        "too many instances",
                        "{'model': 'malformed-digits', 'instances': ["
                                + String.join(",", Collections.nCopies(10_001, "[1]")) + "]}",
                        TOO_LARGE,
                        null,
                        "10001"),
                image("a number for an instance", "5", INVALID, "/instances/0", "must be an array"),
                image("a string for an instance", "'x'", INVALID, "/instances/0", "must be an array"),
                image("a null instance", "null", INVALID, "/instances/0", "must not be null"),
                image("columns for an image", "{'a': 1}", INVALID_INSTANCE, "/instances/0", "64 pixels"),
                image("too few pixels", "[1, 2, 3]", INVALID_INSTANCE, "/instances/0", "has shape [3]"),
                image("no pixels", "[]", INVALID_INSTANCE, "/instances/0", "has shape [0]"),
                image(
                        "an image of another shape",
                        "[[1, 2], [3, 4]]",
                        INVALID_INSTANCE,
                        "/instances/0",
                        "has shape [2, 2]"),
                image(
                        "a second instance of another shape",
                        PIXELS + ", [1]",
                        INVALID_INSTANCE,
                        "/instances/1",
                        "has shape [1]"),
                image("rows of different lengths", "[[1, 2], [3]]", INVALID, "/instances/0", "same length"),
                image("a row beside a number", "[1, [2]]", INVALID, "/instances/0", "rectangular"),
                image("a number beside a row", "[[1], 2]", INVALID, "/instances/0", "rectangular"),
                image("a string for a pixel", "['a']", INVALID, "/instances/0", "string"),
                image("a boolean for a pixel", "[true]", INVALID, "/instances/0", "only numbers, but holds true"),
                image("null for a pixel", "[null]", INVALID, "/instances/0", "only numbers, but holds null"),
                image("an object for a pixel", "[{}]", INVALID, "/instances/0", "only numbers"),
                image("arrays nested five deep", "[[[[[1]]]]]", INVALID, "/instances/0", "nested more than 4 deep"),
                image(
                        "arrays nested 100,000 deep",
                        "[".repeat(100_000),
                        INVALID,
                        "/instances/0",
                        "nested more than 4 deep"),
                image("a pixel above the range", image("17"), INVALID_INSTANCE, "/instances/0", "from 0 to 16"),
                image("a pixel below the range", image("-1"), INVALID_INSTANCE, "/instances/0", "from 0 to 16"),
                image("an infinite pixel", image("1e999"), INVALID_INSTANCE, "/instances/0", "from 0 to 16"),
                image("a NaN pixel", image("NaN"), MALFORMED, null, "not valid JSON at line 1"),
                image("an unclosed instance", "[1, 2}", MALFORMED, null, "not valid JSON at line 1"),
                topK("top_k 0", "0", INVALID, "at least 1"),
                topK("a negative top_k", "-1", INVALID, "at least 1"),
                topK("top_k above the number of classes", "11", INVALID, "number of classes, 10"),
                topK("top_k as a string", "'3'", MALFORMED, "must be an integer"),
                topK("a fraction for top_k", "1.5", MALFORMED, "must be an integer"),
                topK("top_k beyond 32 bits", "2147483648", MALFORMED, "out of range"),
                flower(
                        "a column with a space behind its name",
                        "'petal_width'",
                        "'petal_width '",
                        "/instances/0/petal_width ",
                        "is not a column"),
                flower(
                        "an unknown column",
                        "'petal_width': 0.2",
                        "'petal_width': 0.2, 'colour': 1",
                        "/instances/0/colour",
                        "is not a column"),
                flower(
                        "an unknown column with a slash",
                        "'petal_width': 0.2",
                        "'petal_width': 0.2, 'a/b': 1",
                        "/instances/0/a~1b",
                        "is not a column"),
                flower("a missing column", ", 'petal_width': 0.2", "", "/instances/0/petal_width", "is required"),
                flower("a string for a column", "5.1", "'5.1'", "/instances/0/sepal_length", "must be a number"),
                flower("an infinite column", "5.1", "1e999", "/instances/0/sepal_length", "finite"),
                flower("a column too large for a 32-bit float", "5.1", "1e39", "/instances/0/sepal_length", "finite"),
                flower("null for a column", "5.1", "null", "/instances/0/sepal_length", "is required"),
                flower("a boolean for a column", "5.1", "true", "/instances/0/sepal_length", "must be a number"),
                predict(
                        "an array for a column",
                        prediction(TABLE_MODEL, FLOWER.replace("5.1", "[5.1]")),
                        INVALID,
                        "/instances/0/sepal_length",
                        "must be a number"),
                predict(
                        "a column given twice",
                        prediction(TABLE_MODEL, FLOWER.replace("{", "{'sepal_length': 1, ")),
                        MALFORMED,
                        null,
                        "sepal_length"),
                predict(
                        "too few columns",
                        prediction(TABLE_MODEL, "[5.1, 3.5]"),
                        INVALID_INSTANCE,
                        "/instances/0",
                        "has shape [2]"));
    }

    static Stream<Case> addresses() {
        return table("""
            DELETE of the list | DELETE | /api/v1/jobs | method-not-allowed | - | DELETE is not possible
            PUT of a dry run | PUT | /api/v1/jobs/validate | method-not-allowed | - | PUT is not possible
            a method that is none | FOO | /api/v1/jobs | method-not-allowed | - | FOO is not possible
            GET of predictions | GET | /predict | method-not-allowed | - | GET is not possible
            an unknown address | GET | /api/v1/nothing | not-found | - | api/v1/nothing
            an encoded slash in a name | GET | /api/v1/datasets/a%2Fb | malformed-request | - |
            an unknown address | POST | /nothing | not-found | - | nothing
            an id that is no UUID | GET | /api/v1/jobs/abc | malformed-request | id | 'abc'
            an id that is no UUID | GET | /api/v1/jobs/abc/metrics | malformed-request | id | 'abc'
            an id that is no UUID | GET | /api/v1/jobs/abc/events | malformed-request | id | 'abc'
            an id that is no UUID | GET | /api/v1/jobs/abc/log | malformed-request | id | 'abc'
            an id that is no UUID | POST | /api/v1/jobs/abc/cancel | malformed-request | id | 'abc'
            an unknown job | GET | /api/v1/jobs/00000000-0000-0000-0000-000000000000 | not-found | - | no job
            the curves of an unknown job | GET | /api/v1/jobs/00000000-0000-0000-0000-000000000000/metrics | not-found | - | no job
            the events of an unknown job | GET | /api/v1/jobs/00000000-0000-0000-0000-000000000000/events | not-found | - | no job
            the log of an unknown job | GET | /api/v1/jobs/00000000-0000-0000-0000-000000000000/log | not-found | - | no job
            the end of an unknown job | POST | /api/v1/jobs/00000000-0000-0000-0000-000000000000/cancel | not-found | - | no job
            an attempt that is no number | GET | /api/v1/jobs/00000000-0000-0000-0000-000000000000/log?attempt=x | malformed-request | attempt | 'x'
            limit 0 | GET | /api/v1/jobs?limit=0 | invalid-request | limit | from 1 to 500, was 0
            a negative limit | GET | /api/v1/jobs?limit=-1 | invalid-request | limit | was -1
            too high a limit | GET | /api/v1/jobs?limit=501 | invalid-request | limit | was 501
            a limit that is no number | GET | /api/v1/jobs?limit=ten | malformed-request | limit | 'ten'
            a limit beyond 32 bits | GET | /api/v1/jobs?limit=99999999999 | malformed-request | limit | '99999999999'
            a cursor that is none | GET | /api/v1/jobs?cursor=x | invalid-request | cursor | must be the next_cursor
            an empty cursor | GET | /api/v1/jobs?cursor= | invalid-request | cursor | must be the next_cursor
            a cursor before all times | GET | /api/v1/jobs?cursor=-1000000000-01-01T00:00:00Z_00000000-0000-0000-0000-000000000000 | invalid-request | cursor | must be the next_cursor
            a cursor after all times | GET | /api/v1/jobs?cursor=%2B1000000000-12-31T23:59:59Z_00000000-0000-0000-0000-000000000000 | invalid-request | cursor | must be the next_cursor
            an unknown kind | GET | /api/v1/jobs?kind=TRAINING | invalid-request | kind | must be 'training' or 'batch_prediction'
            an id that is no UUID | GET | /api/v1/batch-predictions/abc/predictions | malformed-request | id | 'abc'
            an id that is no UUID | DELETE | /api/v1/batch-predictions/abc/predictions | malformed-request | id | 'abc'
            an unknown batch prediction | GET | /api/v1/batch-predictions/00000000-0000-0000-0000-000000000000/predictions | not-found | - | no batch prediction
            an unknown batch prediction | DELETE | /api/v1/batch-predictions/00000000-0000-0000-0000-000000000000/predictions | not-found | - | no batch prediction
            DELETE of batch predictions | DELETE | /api/v1/batch-predictions | method-not-allowed | - | DELETE is not possible
            an unknown status | GET | /api/v1/jobs?status=DONE | malformed-request | status | 'DONE'
            a status in lower case | GET | /api/v1/jobs?status=queued | malformed-request | status | 'queued'
            a label without a value | GET | /api/v1/jobs?label=team | invalid-request | label | key=value
            a label without a key | GET | /api/v1/jobs?label==vision | invalid-request | label | key=value
            a label with U+0000 | GET | /api/v1/jobs?label=team=a%00 | invalid-request | label | U+0000
            a model with U+0000 | GET | /api/v1/jobs?model=a%00 | invalid-request | model | U+0000
            a parameter that is not UTF-8 | GET | /api/v1/jobs?model=%FF | malformed-request | - |
            an unknown dataset | GET | /api/v1/datasets/irises | not-found | - | 'irises'
            a dataset version that is no number | GET | /api/v1/datasets/iris/versions/x | malformed-request | version | 'x'
            dataset version 0 | GET | /api/v1/datasets/iris/versions/0 | not-found | - | iris/0
            dataset version 99 | GET | /api/v1/datasets/iris/versions/99 | not-found | - | iris/99
            an unknown split | GET | /api/v1/datasets/iris/versions/1/rows?split=val | invalid-request | split | 'val'
            rows with limit 0 | GET | /api/v1/datasets/iris/versions/1/rows?limit=0 | invalid-request | limit | was 0
            rows with a negative offset | GET | /api/v1/datasets/iris/versions/1/rows?offset=-1 | invalid-request | offset | was -1
            rows with an offset that is no number | GET | /api/v1/datasets/iris/versions/1/rows?offset=x | malformed-request | offset | 'x'
            an unknown model | GET | /api/v1/models/none | not-found | - | 'none'
            a version of an unknown model | GET | /api/v1/models/none/versions/1 | not-found | - | none/1
            an unknown version of a model | GET | /api/v1/models/malformed-iris/versions/99 | not-found | - | malformed-iris/99
            a model version that is no number | GET | /api/v1/models/malformed-iris/versions/x | malformed-request | version | 'x'
            a rollout that there is not | GET | /api/v1/models/malformed-iris/aliases/none/rollout | not-found | - | no rollout
            a promotion by a version that is no number | POST | /api/v1/models/malformed-iris/aliases/none/rollout/promote?expected_version=x | malformed-request | expected_version | 'x'
            a rollout that is no number | GET | /api/v1/models/malformed-iris/aliases/none/rollouts/x/disagreements | malformed-request | id | 'x'
            rollouts with a cursor that is none | GET | /api/v1/models/malformed-iris/aliases/none/rollouts?cursor=x | malformed-request | cursor | 'x'
            disagreements with too high a limit | GET | /api/v1/models/malformed-iris/aliases/none/rollout/disagreements?limit=101 | not-found | - | no rollout
            an unknown kind of problem | GET | /problems/none | not-found | - | 'none'
            """, 6)
                .map(cell -> new Case(
                        cell.get(0),
                        cell.get(1),
                        cell.get(2),
                        null,
                        null,
                        kind(cell.get(3)).status(),
                        cell.get(3),
                        pointer(cell.get(4)),
                        cell.get(5)));
    }

    /** One good job with one piece replaced for each row: name, piece, replacement, problem, pointer, fragment. */
    private static Stream<Case> jobs(String good, String rows) {
        return table(rows, 6)
                .map(cell -> job(
                        cell.get(0), good, cell.get(1), cell.get(2), cell.get(3), pointer(cell.get(4)), cell.get(5)));
    }

    /** The cells of each line, between bars. */
    private static Stream<List<String>> table(String rows, int columns) {
        return rows.lines().map(line -> {
            List<String> cells =
                    Stream.of(line.split("\\|", -1)).map(String::strip).toList();
            assertThat(cells).as(line).hasSize(columns);
            return cells;
        });
    }

    private static @Nullable String pointer(String cell) {
        return cell.equals("-") ? null : cell;
    }

    /** A good job with one piece replaced; apostrophes in the pieces stand for quotation marks. */
    private static Case job(
            String name,
            String good,
            String piece,
            String replacement,
            String problemType,
            @Nullable String pointer,
            String fragment) {
        assertThat(good).contains(json(piece));
        int at = good.indexOf(json(piece));
        String bad = good.substring(0, at) + json(replacement) + good.substring(at + piece.length());
        return body(name, VALIDATE, JSON_TYPE, bad, problemType, pointer, fragment);
    }

    /** Each job both checked and submitted. */
    private static Stream<Case> both(Stream<Case> jobs) {
        return jobs.flatMap(job -> Stream.of(
                job, body(job.name(), JOBS, JSON_TYPE, job.body(), job.problemType(), job.pointer(), job.fragment())));
    }

    private static Case body(
            String name,
            String path,
            @Nullable String contentType,
            @Nullable String body,
            String problemType,
            @Nullable String pointer,
            String fragment) {
        return new Case(
                name, "POST", path, contentType, body, kind(problemType).status(), problemType, pointer, fragment);
    }

    private static Case bodiless(
            String name, String method, String path, String problemType, @Nullable String pointer, String fragment) {
        return new Case(name, method, path, null, null, kind(problemType).status(), problemType, pointer, fragment);
    }

    private static Case get(String name, String path, String problemType, @Nullable String pointer, String fragment) {
        return bodiless(name, "GET", path, problemType, pointer, fragment);
    }

    private static Case predict(
            String name, String body, String problemType, @Nullable String pointer, String fragment) {
        return body(name, PREDICT, JSON_TYPE, json(body), problemType, pointer, fragment);
    }

    private static Case version(
            String name, String version, String problemType, @Nullable String pointer, String fragment) {
        String body = "{'model': 'malformed-digits', 'version': " + version + ", 'instances': [" + PIXELS + "]}";
        return predict(name, body, problemType, pointer, fragment);
    }

    private static Case topK(String name, String topK, String problemType, String fragment) {
        String body = "{'model': 'malformed-digits', 'top_k': " + topK + ", 'instances': [" + PIXELS + "]}";
        return predict(name, body, problemType, "/top_k", fragment);
    }

    private static Case image(
            String name, String instances, String problemType, @Nullable String pointer, String fragment) {
        return predict(name, prediction(IMAGE_MODEL, instances), problemType, pointer, fragment);
    }

    private static Case flower(String name, String piece, String replacement, String pointer, String fragment) {
        assertThat(FLOWER).contains(piece);
        String body = prediction(TABLE_MODEL, FLOWER.replace(piece, replacement));
        return predict(name, body, INVALID_INSTANCE, pointer, fragment);
    }

    private static String prediction(String model, String instances) {
        return json("{'model': '" + model + "', 'instances': [" + instances + "]}");
    }

    /** A flat 8 × 8 image with the given first pixel. */
    private static String image(String firstPixel) {
        return "[" + firstPixel + ", 0".repeat(63) + "]";
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private static Kind kind(String problemType) {
        Kind kind = KINDS.get(problemType);
        if (kind == null) {
            throw new IllegalArgumentException(problemType);
        }
        return kind;
    }
}
