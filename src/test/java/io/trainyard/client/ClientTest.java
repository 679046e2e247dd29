package io.trainyard.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.sun.net.httpserver.HttpServer;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.trainyard.SecuredService;
import io.trainyard.Service;
import io.trainyard.openapi.Document;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.HttpExchange;
import tools.jackson.databind.JsonNode;

/** The Java client says what the service understands, and understands what it says. */
class ClientTest {

    private static final Duration WAIT = Duration.ofMinutes(5);

    private static final Set<Class<?>> INTERFACES =
            Set.of(Jobs.class, Models.class, Datasets.class, Predictions.class, BatchPredictions.class);

    private static final Map<Class<?>, String> SCHEMAS = Map.ofEntries(
            Map.entry(Alias.class, "Alias"),
            Map.entry(AliasRequest.class, "AliasRequest"),
            Map.entry(BatchPredictionRequest.class, "BatchPredictionRequest"),
            Map.entry(Dataset.class, "DatasetView"),
            Map.entry(DatasetReference.class, "Versioned"),
            Map.entry(DatasetVersion.class, "DatasetVersion"),
            Map.entry(DatasetVersion.Split.class, "SplitView"),
            Map.entry(EpochMetrics.class, "EpochMetrics"),
            Map.entry(Job.class, "JobView"),
            Map.entry(Job.PredictionFile.class, "PredictionFile"),
            Map.entry(Job.Progress.class, "Progress"),
            Map.entry(Job.Result.class, "Result"),
            Map.entry(Job.Transition.class, "Transition"),
            Map.entry(JobMetrics.class, "Metrics"),
            Map.entry(JobRequest.class, "JobRequest"),
            Map.entry(Model.class, "ModelView"),
            Map.entry(Model.VersionSummary.class, "VersionSummary"),
            Map.entry(ModelVersion.class, "ModelVersion"),
            Map.entry(ModelVersion.Artifact.class, "ArtifactView"),
            Map.entry(ModelVersion.Input.class, "InputSignature"),
            Map.entry(ModelVersion.Lineage.class, "Lineage"),
            Map.entry(ModelVersion.Output.class, "OutputSignature"),
            Map.entry(Network.class, "NetworkRequest"),
            Map.entry(Network.Base.class, "Base"),
            Map.entry(NetworkSummary.class, "NetworkSummary"),
            Map.entry(NetworkSummary.Layer.class, "Layer"),
            Map.entry(NetworkSummary.Memory.class, "Memory"),
            Map.entry(Page.class, "JobPage"),
            Map.entry(PredictRequest.class, "PredictRequest"),
            Map.entry(PredictResponse.class, "PredictResponse"),
            Map.entry(PredictResponse.Candidate.class, "Candidate"),
            Map.entry(PredictResponse.Prediction.class, "Prediction"),
            Map.entry(PredictResponse.Timing.class, "Timing"),
            Map.entry(Problem.class, "Problem"),
            Map.entry(Problem.FieldError.class, "Problem/properties/errors/items"),
            Map.entry(RowPage.class, "RowPage"),
            Map.entry(RowPage.Row.class, "RowView"),
            Map.entry(Training.class, "TrainingSettings"),
            Map.entry(Training.Augmentation.class, "Augmentation"),
            Map.entry(Training.EarlyStopping.class, "EarlyStopping"));

    private static final Document document = Document.served();
    private static final Trainyard trainyard = Trainyard.at(Service.shared().uri("/"));

    private static JobRequest flowers(String model, int epochs) {
        return JobRequest.of(
                model,
                "iris",
                Network.of(Spec.dense(16, "relu"), Spec.dense(3, "softmax")),
                Training.epochs(epochs)
                        .withBatchSize(16)
                        .withSeed(7)
                        .withOptimizer(Spec.of("adam").with("learning_rate", 0.02)));
    }

    @Test
    void everyCallIsAnOperationOfTheDocument() {
        int calls = 0;
        for (Class<?> type : INTERFACES) {
            String base = exchange(type).url();
            for (Method method : type.getMethods()) {
                if (method.isDefault()) {
                    continue;
                }
                calls++;
                HttpExchange exchange = exchange(method);
                Document.Operation operation =
                        document.operation(exchange.method().toLowerCase(Locale.ROOT), base + exchange.url());

                Set<String> known = operation
                        .json()
                        .path("parameters")
                        .valueStream()
                        .map(parameter -> parameter.path("in").asString("") + " "
                                + parameter.path("name").asString(""))
                        .collect(Collectors.toSet());
                assertThat(known).as(operation.toString()).containsAll(parameters(method));
            }
        }
        assertThat(calls).isGreaterThan(20);
    }

    private static HttpExchange exchange(AnnotatedElement element) {
        return Objects.requireNonNull(AnnotatedElementUtils.findMergedAnnotation(element, HttpExchange.class));
    }

    private static Set<String> parameters(Method method) {
        return Arrays.stream(method.getParameters())
                .flatMap(parameter -> {
                    RequestHeader header = parameter.getAnnotation(RequestHeader.class);
                    if (header != null) {
                        return Stream.of("header " + header.name());
                    }
                    if (parameter.isAnnotationPresent(PathVariable.class)) {
                        return Stream.of("path " + parameter.getName());
                    }
                    return parameter.isAnnotationPresent(RequestParam.class)
                            ? Stream.of("query " + parameter.getName())
                            : Stream.of();
                })
                .collect(Collectors.toSet());
    }

    @Test
    void everyRecordIsASchemaOfTheDocument() {
        Set<String> records = new ClassFileImporter()
                .importPackages("io.trainyard.client").stream()
                        .filter(type -> type.isAssignableTo(Record.class))
                        .map(JavaClass::getName)
                        .collect(Collectors.toCollection(TreeSet::new));
        records.remove(Spec.class.getName());
        assertThat(SCHEMAS.keySet().stream().map(Class::getName)).containsExactlyInAnyOrderElementsOf(records);

        SCHEMAS.forEach((type, name) -> {
            JsonNode schema = document.root().at("/components/schemas/" + name);
            Set<String> required = schema.path("required")
                    .valueStream()
                    .map(each -> each.asString(""))
                    .collect(Collectors.toSet());
            List<String> fields = new ArrayList<>();
            for (RecordComponent component : type.getRecordComponents()) {
                String field = field(component);
                if (type == EpochMetrics.class && field.equals("metrics")) {
                    // All that have no name of their own.
                    continue;
                }
                fields.add(field);
                if (!required.contains(field)) {
                    assertThat(component.getAnnotatedType().isAnnotationPresent(Nullable.class))
                            .as(name + "." + field + " may be missing")
                            .isTrue();
                }
            }
            assertThat(fields)
                    .as(name)
                    .containsExactlyInAnyOrderElementsOf(
                            List.copyOf(schema.path("properties").propertyNames()));
        });
    }

    private static String field(RecordComponent component) {
        JsonProperty named = component.getAccessor().getAnnotation(JsonProperty.class);
        return named == null
                ? new PropertyNamingStrategies.SnakeCaseStrategy().translate(component.getName())
                : named.value();
    }

    @Test
    void jobIsSubmittedWaitedForAndAsked() {
        NetworkSummary summary = trainyard.jobs().validate(flowers("client-flowers", 20));
        assertThat(summary.totalParameters()).isEqualTo(4 * 16 + 16 + 16 * 3 + 3);

        Job job = trainyard.jobs().submit(flowers("client-flowers", 20), "client-flowers");
        assertThat(trainyard
                        .jobs()
                        .submit(flowers("client-flowers", 20), "client-flowers")
                        .id())
                .isEqualTo(job.id());
        Job ended = trainyard.jobs().await(job.id(), WAIT);
        Job.Result result = ended.succeeded();

        assertThat(trainyard.jobs().metrics(job.id()).epochs()).hasSize(20);
        assertThat(trainyard.jobs().metrics(job.id(), 5, "10").epochs().get(0).metrics())
                .containsKey("val_accuracy");
        assertThat(trainyard.jobs().log(job.id())).contains("epoch 20/20");
        assertThat(trainyard.jobs().ofModel("client-flowers").map(Job::id)).containsExactly(job.id());
        PredictResponse answer = trainyard
                .predictions()
                .predict(PredictRequest.of("client-flowers", List.of(5.1, 3.5, 1.4, 0.2))
                        .withVersion(result.version())
                        .withTopK(2));
        assertThat(answer.predictions()).hasSize(1);
        assertThat(answer.predictions().get(0).topK()).hasSize(2);
        ModelVersion version = trainyard.models().version("client-flowers", result.version());
        assertThat(version.lineage().jobId()).isEqualTo(job.id());
        assertThat(version.output().classes()).contains("setosa");
        assertThat(trainyard
                        .models()
                        .moveAlias("client-flowers", "production", 1)
                        .version())
                .isEqualTo(1);
        assertThat(trainyard.models().get("client-flowers").aliases()).containsEntry("production", 1);
    }

    @Test
    void pagesAreFetchedAsFarAsTheyAreRead() {
        Job first = trainyard.jobs().submit(flowers("client-pages", 1));
        Job second = trainyard.jobs().submit(flowers("client-pages", 1));
        List<@Nullable String> asked = new ArrayList<>();

        Iterator<Job> jobs = Page.all(cursor -> {
                    asked.add(cursor);
                    return trainyard.jobs().list(null, "client-pages", null, 1, cursor);
                })
                .iterator();

        assertThat(jobs.next().id()).isEqualTo(second.id());
        assertThat(asked).hasSize(1);
        assertThat(jobs.next().id()).isEqualTo(first.id());
        assertThat(jobs.hasNext()).isFalse();
        assertThat(asked).hasSize(2);
        trainyard.jobs().await(second.id(), WAIT);
    }

    @Test
    void filesAreSentAndPredictionsFetched(@TempDir Path folder) throws IOException {
        Path table = folder.resolve("kinds.csv");
        Files.writeString(table, "width,height,kind\n" + "1,2,small\n".repeat(8) + "7,9,large\n".repeat(8));

        DatasetVersion dataset = trainyard
                .datasets()
                .upload("client-kinds", Map.of("format", "csv", "label", "kind"), Map.of("train", table));
        Job job = trainyard
                .jobs()
                .submit(JobRequest.of(
                        "client-kinds", "client-kinds", Network.of(Spec.dense(2, "softmax")), Training.epochs(2)));
        trainyard.jobs().await(job.id(), WAIT).succeeded();
        Job batch =
                trainyard.batchPredictions().submit(BatchPredictionRequest.of("client-kinds", "client-kinds"), null);
        trainyard.jobs().await(batch.id(), WAIT).succeeded();

        assertThat(dataset.classes()).containsExactlyInAnyOrder("small", "large");
        assertThat(trainyard.datasets().get("client-kinds").versions()).hasSize(1);
        try (InputStream lines = trainyard.batchPredictions().download(batch.id())) {
            assertThat(new String(lines.readAllBytes(), StandardCharsets.UTF_8)).startsWith("row,label,predicted");
        }
        assertThat(trainyard
                        .predictions()
                        .predict(PredictRequest.of("client-kinds", Map.of("width", 1, "height", 2)))
                        .predictions())
                .hasSize(1);
    }

    @Test
    void whatIsWrongPointsAtTheField() {
        JobRequest wrong =
                JobRequest.of("client-wrong", "iris", Network.of(Spec.dense(4, "softmax")), Training.epochs(1));

        ProblemException problem = catchThrowableOfType(
                ProblemException.class, () -> trainyard.jobs().submit(wrong));

        assertThat(problem.status()).isEqualTo(422);
        assertThat(problem.type()).isEqualTo("/problems/invalid-network");
        assertThat(problem.errors().get(0).pointer()).isEqualTo("/network/layers/0");
        assertThat(problem.requestId()).isPresent();
        assertThat(problem).hasMessageContaining("the dataset has 3 classes");
    }

    @Test
    void jobThatHasNotEndedInTimeGoesOn() {
        Job job = trainyard.jobs().submit(flowers("client-late", 9000));

        assertThatThrownBy(() -> trainyard.jobs().await(job.id(), Duration.ofMillis(200)))
                .isInstanceOf(JobTimeoutException.class);
        trainyard.jobs().cancel(job.id());

        Job ended = trainyard.jobs().await(job.id(), WAIT);
        assertThat(ended.status()).isEqualTo(JobStatus.CANCELLED);
        assertThatThrownBy(ended::succeeded).hasMessageContaining("CANCELLED");
    }

    @Test
    void keyIsSent() {
        URI address = SecuredService.shared().uri("/");
        Trainyard stranger = Trainyard.at(address);
        Trainyard known = Trainyard.at(address, SecuredService.shared().key("viewer", "client"));

        assertThatThrownBy(() -> stranger.jobs().list(null, null, null, null, null))
                .isInstanceOfSatisfying(ProblemException.class, problem -> assertThat(problem.status())
                        .isEqualTo(401));
        assertThat(known.jobs().all()).isEmpty();
    }

    /** Of a newer service: a field and a status that this client does not know; and first it is busy. */
    @Test
    void newerServiceIsUnderstoodAndABusyOneIsWaitedFor() throws IOException {
        String job = """
                {"id": "%s", "kind": "training", "model": "m", "owner": "local", "status": "%s", "mood": "fine", "spec": {},
                 "attempt": 1, "progress": {"percent": 1.0}, "transitions": [], "created_at": "2026-11-25T20:00:00Z"}""";
        UUID id = UUID.randomUUID();
        Iterator<String> statuses = List.of("DREAMING", "CANCELLED").iterator();
        boolean[] busy = {true};
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            boolean refused = busy[0];
            busy[0] = false;
            byte[] body = (refused ? "Too busy" : job.formatted(id, statuses.next())).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders()
                    .add(refused ? "Retry-After" : "Content-Type", refused ? "1" : "application/json");
            exchange.sendResponseHeaders(refused ? 503 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            Jobs jobs = Trainyard.at(
                            URI.create("http://localhost:" + server.getAddress().getPort()))
                    .jobs();

            assertThatThrownBy(() -> jobs.get(id)).isInstanceOfSatisfying(ProblemException.class, problem -> {
                assertThat(problem.retryAfter()).contains(Duration.ofSeconds(1));
                assertThat(problem).hasMessage("503 HTTP 503: Too busy");
            });
            assertThat(jobs.get(id).status()).isEqualTo(JobStatus.UNKNOWN);
            busy[0] = true;
            assertThat(jobs.await(id, Duration.ofSeconds(30)).status()).isEqualTo(JobStatus.CANCELLED);
        } finally {
            server.stop(0);
        }
    }
}
