package io.trainyard.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.trainyard.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Clients that were written by the last released document, {@code docs/openapi.json}, go on working. With {@code
 * -Dopenapi.release=true} that document is written anew: that is a release, and its difference is to be read.
 */
class BreakingChangesTest {

    private static final Path RELEASED = Path.of("docs/openapi.json");

    @Test
    void whatWasReleasedStillHolds() throws IOException {
        if (Boolean.getBoolean("openapi.release")) {
            Files.writeString(
                    RELEASED,
                    Service.JSON
                                    .writerWithDefaultPrettyPrinter()
                                    .writeValueAsString(
                                            Document.served().promise().root())
                            + "\n");
        }

        Compatibility compatibility = Compatibility.of(Document.parse(Files.readString(RELEASED)), Document.served());

        assertThat(compatibility.broken())
                .as(
                        "Clients by %s would break:%n%s%nWhere that is meant: ./mvnw test -Dtest=BreakingChangesTest"
                                + " -Dopenapi.release=true, and commit it.",
                        RELEASED, compatibility.report())
                .isFalse();
    }

    /** They name the methods of generated clients; openapi-diff takes no offence. */
    @Test
    void idsOfOperationsStay() throws IOException {
        assertThat(ids(Document.served())).containsAllEntriesOf(ids(Document.parse(Files.readString(RELEASED))));
    }

    private static Map<String, String> ids(Document document) {
        return document.operations()
                .collect(Collectors.toMap(
                        Document.Operation::toString,
                        operation -> operation.json().path("operationId").asString("")));
    }

    @Test
    void whatIsAddedBreaksNothing() {
        assertThat(after(root -> {
                            ((ObjectNode) root.at("/components/schemas/JobView/properties"))
                                    .putObject("mood")
                                    .put("type", "string");
                            ((ObjectNode) root.at("/components/schemas/JobRequest/properties"))
                                    .putObject("mood")
                                    .put("type", "string");
                        })
                        .broken())
                .isFalse();
    }

    @Test
    void anOperationThatGoesBreaksClients() {
        assertBroken(root -> ((ObjectNode) root.at("/paths/~1api~1v1~1jobs~1{id}~1cancel")).remove("post"));
    }

    @Test
    void anAnswersFieldThatGoesBreaksClients() {
        assertBroken(root -> {
            ((ObjectNode) root.at("/components/schemas/JobView/properties")).remove("status");
            remove((ArrayNode) root.at("/components/schemas/JobView/required"), "status");
        });
    }

    @Test
    void aFieldThatMustNowBeSentBreaksClients() {
        assertBroken(root -> {
            ((ObjectNode) root.at("/components/schemas/JobRequest/properties"))
                    .putObject("reason")
                    .put("type", "string");
            ((ArrayNode) root.at("/components/schemas/JobRequest/required")).add("reason");
        });
    }

    @Test
    void anotherTypeBreaksClients() {
        assertBroken(
                root -> ((ObjectNode) root.at("/components/schemas/JobView/properties/attempt")).put("type", "string"));
    }

    /** Deep within what a job may hold. */
    @Test
    void aLayersFieldThatGoesBreaksClients() {
        assertBroken(root -> ((ObjectNode) root.at("/components/schemas/Dense/properties")).remove("units"));
    }

    @Test
    void aLayerThatGoesBreaksClients() {
        assertBroken(root -> {
            ArrayNode layers = (ArrayNode) root.at("/components/schemas/LayerSpec/oneOf");
            for (int i = layers.size() - 1; i >= 0; i--) {
                if (layers.get(i).path("$ref").asString("").endsWith("/Dense")) {
                    layers.remove(i);
                }
            }
            ((ObjectNode) root.at("/components/schemas/LayerSpec/discriminator/mapping")).remove("dense");
        });
    }

    @Test
    void aParameterThatMustNowBeSentBreaksClients() {
        assertBroken(root -> ((ArrayNode) root.at("/paths/~1api~1v1~1jobs/get/parameters"))
                .addObject()
                .put("name", "tenant")
                .put("in", "query")
                .put("required", true)
                .putObject("schema")
                .put("type", "string"));
    }

    @Test
    void aStatusThatIsNoLongerTakenBreaksClients() {
        assertBroken(root -> root.at("/paths/~1api~1v1~1jobs/get/parameters").forEach(parameter -> {
            if (parameter.path("name").asString("").equals("status")) {
                remove((ArrayNode) parameter.at("/schema/enum"), "PAUSED");
            }
        }));
    }

    private static void assertBroken(Consumer<JsonNode> change) {
        assertThat(after(change).broken()).isTrue();
    }

    private static Compatibility after(Consumer<JsonNode> change) {
        JsonNode changed = Document.served().root().deepCopy();
        change.accept(changed);
        assertThat(changed)
                .as("the change changes something")
                .isNotEqualTo(Document.served().root());
        return Compatibility.of(Document.served(), new Document(changed));
    }

    private static void remove(ArrayNode array, String value) {
        for (int i = array.size() - 1; i >= 0; i--) {
            if (array.get(i).asString("").equals(value)) {
                array.remove(i);
            }
        }
    }
}
