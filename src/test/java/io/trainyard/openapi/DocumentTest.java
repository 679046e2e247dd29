package io.trainyard.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.trainyard.Service;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The OpenAPI document is valid and complete, and says what the service really does. */
class DocumentTest {

    private static final String MODEL = "documented";

    private static final Document document = Document.served();
    private static String job = "";

    @BeforeAll
    static void train() {
        job = Service.shared().submit(Service.irisJob(MODEL, 2));
        Service.shared().await(job, "SUCCEEDED");
    }

    @Test
    void documentIsValidOpenApi31() throws IOException {
        JsonNode schema = Service.JSON.readTree(
                Objects.requireNonNull(DocumentTest.class.getResourceAsStream("/openapi/oas-3.1.json")));

        assertThat(document.root().path("openapi").asString("")).startsWith("3.1.");
        assertThat(faults(schema, document.root())).isEmpty();
    }

    @Test
    void itsSchemasAreValidJsonSchemas() {
        JsonNode meta = Service.JSON.readTree("{\"$ref\": \"https://json-schema.org/draft/2020-12/schema\"}");
        for (JsonNode schema : document.root().at("/components/schemas")) {
            assertThat(faults(meta, schema)).isEmpty();
        }
    }

    private static List<Error> faults(JsonNode schema, JsonNode json) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema)
                .validate(json);
    }

    @Test
    void documentKeepsTheRules() {
        assertThat(Rules.violationsOf(document)).isEmpty();
    }

    /** Each edit breaks another rule. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/paths/~1api~1v1~1jobs/post/summary | a summary",
                "/paths/~1api~1v1~1jobs/post/description | a description in sentences",
                "/paths/~1api~1v1~1jobs/post/operationId | an operationId in camel case",
                "/paths/~1api~1v1~1jobs/post/tags | one tag",
                "/paths/~1api~1v1~1jobs/post/responses/202 | an answer when all is well",
                "/paths/~1api~1v1~1jobs/post/responses/429 | the answer 429",
                "/paths/~1api~1v1~1jobs~1{id}/get/parameters | the parameters of its path",
                "/components/responses/Problem503/headers | Retry-After with 503",
                "/components/schemas/LayerSpec/discriminator/mapping | a value of the discriminator",
                "/components/schemas/JobPage/properties/items/items | the items of the array",
                "/components/schemas/JobPage/properties | the properties of the object",
                "/components/securitySchemes | a security scheme",
            })
    void aDocumentThatLacksSomethingBreaksARule(String pointer, String what) {
        JsonNode broken = document.root().deepCopy();
        int last = pointer.lastIndexOf('/');
        ((ObjectNode) broken.at(pointer.substring(0, last))).remove(pointer.substring(last + 1));

        assertThat(Rules.violationsOf(new Document(broken))).anyMatch(violation -> violation.contains(what));
    }

    @Test
    void everyExampleIsWhatItsSchemaSays() {
        List<String> faults = new ArrayList<>();
        document.examples().forEach(example -> document.faults(example.getKey(), example.getValue())
                .forEach(fault -> faults.add(example.getKey() + ": " + fault)));

        assertThat(document.examples()).hasSizeGreaterThan(250);
        assertThat(faults).isEmpty();
    }

    /** The least and the largest are allowed, what is beyond them is not. */
    @Test
    void limitsAreThoseInTheDocument() {
        List<Document.Operation> lists = document.operations()
                .filter(operation -> limit(operation) != null)
                .toList();
        assertThat(lists).hasSizeGreaterThan(9);
        for (Document.Operation list : lists) {
            JsonNode limit = Objects.requireNonNull(limit(list)).path("schema");
            int least = limit.path("minimum").asInt();
            int largest = limit.path("maximum").asInt();
            String path = list.path()
                            .replace(
                                    "{id}",
                                    list.path().contains("rollouts") ? "1" : "00000000-0000-0000-0000-000000000000")
                            .replace("{version}", "1")
                            .replaceAll("\\{\\w+}", "iris")
                    + "?limit=";
            for (int allowed : new int[] {least, largest}) {
                assertThat(Service.shared().get(path + allowed).statusCode())
                        .as(path + allowed)
                        .isIn(200, 404);
            }
            // Of what is not there no limit is looked at.
            int wrong = path.contains("disagreements") ? 404 : 422;
            for (int refused : new int[] {least - 1, largest + 1}) {
                assertThat(Service.shared().get(path + refused).statusCode())
                        .as(path + refused)
                        .isEqualTo(wrong);
            }
        }
    }

    private static @Nullable JsonNode limit(Document.Operation operation) {
        for (JsonNode parameter : operation.json().path("parameters")) {
            if (parameter.path("name").asString("").equals("limit")) {
                return parameter;
            }
        }
        return null;
    }

    /** What is read is what the document says, to the last field. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/jobs",
                "/api/v1/jobs/{id}",
                "/api/v1/jobs/{id}/metrics",
                "/api/v1/jobs/{id}/diagnosis",
                "/api/v1/models",
                "/api/v1/models/{name}",
                "/api/v1/models/{name}/versions/{version}",
                "/api/v1/models/{name}/versions/{version}/evaluation",
                "/api/v1/models/{name}/aliases",
                "/api/v1/datasets",
                "/api/v1/datasets/{name}",
                "/api/v1/datasets/{name}/versions/{version}",
                "/api/v1/datasets/{name}/versions/{version}/rows",
                "/api/v1/presets",
                "/api/v1/workers",
                "/api/v1/devices",
                "/api/v1/serving",
                "/api/v1/keys",
                "/api/v1/audit",
                "/problems",
                "/v2",
                "/v2/models/{model}",
                "/v2/models/{model}/ready",
                "/v1/models/{model}",
                "/api/v1/admin/reconciliation"
            })
    void answersAreWhatTheirSchemasSay(String path) {
        HttpResponse<String> answer = Service.shared().get(filled(path));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String pointer = "/paths/" + path.replace("/", "~1") + "/get/responses/200/content/application~1json/schema";
        assertThat(document.faults(pointer, Service.json(answer))).isEmpty();
    }

    @Test
    void predictionsAndValidationsAreWhatTheirSchemasSay() {
        HttpResponse<String> prediction = Service.shared().post("/predict", """
                {"model": "%s", "instances": [[5.1, 3.5, 1.4, 0.2]], "top_k": 2}""".formatted(MODEL));
        HttpResponse<String> summary = Service.shared().post("/api/v1/jobs/validate", Service.irisJob(MODEL, 1));
        HttpResponse<String> problem = Service.shared().post("/api/v1/jobs", "{\"model\": 1}");

        assertThat(faultsOf("/paths/~1predict/post/responses/200/content/application~1json/schema", prediction))
                .isEmpty();
        assertThat(faultsOf(
                        "/paths/~1api~1v1~1jobs~1validate/post/responses/200/content/application~1json/schema",
                        summary))
                .isEmpty();
        assertThat(faultsOf("/components/schemas/Problem", problem)).isEmpty();
        assertThat(problem.statusCode()).isEqualTo(400);
    }

    private static List<String> faultsOf(String pointer, HttpResponse<String> answer) {
        return document.faults(pointer, Service.json(answer));
    }

    private static String filled(String path) {
        return path.replace("{id}", job)
                .replace("{version}", "1")
                .replace("{name}", path.contains("datasets") ? "iris" : MODEL)
                .replace("{model}", MODEL);
    }
}
