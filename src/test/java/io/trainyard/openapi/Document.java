package io.trainyard.openapi;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.trainyard.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** An OpenAPI document. */
public record Document(JsonNode root) {

    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");
    private static final String IRI = "https://trainyard.test/document";

    private static @Nullable Document served;

    /** One of its operations. */
    public record Operation(String method, String path, JsonNode json) {

        @Override
        public String toString() {
            return method.toUpperCase(Locale.ROOT) + " " + path;
        }
    }

    /** That of the running service. */
    public static synchronized Document served() {
        if (served == null) {
            served = new Document(Service.json(Service.shared().get("/v3/api-docs")));
        }
        return served;
    }

    static Document parse(String json) {
        return new Document(Service.JSON.readTree(json));
    }

    public Stream<Operation> operations() {
        return root.get("paths").propertyStream().flatMap(path -> path.getValue()
                .propertyStream()
                .filter(method -> METHODS.contains(method.getKey()))
                .map(method -> new Operation(method.getKey(), path.getKey(), method.getValue())));
    }

    public Operation operation(String method, String path) {
        return operations()
                .filter(each -> each.method().equals(method) && each.path().equals(path))
                .findFirst()
                .orElseThrow(() -> new AssertionError("There is no " + method + " " + path));
    }

    /** What a reference within the document refers to; itself where it is none. */
    JsonNode resolved(JsonNode json) {
        String ref = json.path("$ref").asString("");
        return ref.isEmpty() ? json : root.at(ref.substring(1));
    }

    /** The schemas with those that they are made of; each with where it is. */
    void everySchema(BiConsumer<String, JsonNode> act) {
        root.at("/components/schemas").properties().forEach(each -> visit(each.getKey(), each.getValue(), act));
        operations().forEach(operation -> {
            operation
                    .json()
                    .path("parameters")
                    .forEach(each -> visit(operation + " " + each.path("name"), each.get("schema"), act));
        });
    }

    private static void visit(String where, JsonNode schema, BiConsumer<String, JsonNode> act) {
        act.accept(where, schema);
        schema.path("properties")
                .properties()
                .forEach(each -> visit(where + "." + each.getKey(), each.getValue(), act));
        for (String several : List.of("oneOf", "anyOf", "allOf")) {
            schema.path(several).forEach(each -> visit(where + " " + several, each, act));
        }
        for (String one : List.of("items", "additionalProperties")) {
            if (schema.path(one).isObject()) {
                visit(where + " " + one, schema.get(one), act);
            }
        }
    }

    /** What is wrong with a value by the schema at a JSON pointer into the document. */
    List<String> faults(String pointer, JsonNode value) {
        return registry().getSchema(SchemaLocation.of(IRI + "#" + pointer)).validate(value).stream()
                .map(Error::toString)
                .toList();
    }

    private SchemaRegistry registry() {
        return SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Map.of(IRI, root.toString())));
    }

    /**
     * What a release promises: sorted, without what is the running service's own.
     */
    Document promise() {
        ObjectNode copy = (ObjectNode) sorted(root);
        ((ObjectNode) copy.get("info"))
                .put("version", root.at("/info/version").asString("").replace("-SNAPSHOT", ""));
        new Document(copy)
                .operations()
                .forEach(operation -> operation.json().path("parameters").forEach(parameter -> {
                    // The newest job of whoever reads it.
                    if (parameter.path("name").asString("").equals("id")) {
                        ((ObjectNode) parameter).remove("example");
                    }
                }));
        return new Document(copy);
    }

    private static JsonNode sorted(JsonNode json) {
        if (json.isObject()) {
            ObjectNode sorted = JsonNodeFactory.instance.objectNode();
            json.propertyNames().stream().sorted().forEach(name -> sorted.set(name, sorted(json.get(name))));
            return sorted;
        }
        if (json.isArray()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            json.forEach(each -> array.add(sorted(each)));
            return array;
        }
        return json;
    }

    /** Every example with the pointer to the schema that it is an example of. */
    List<Map.Entry<String, JsonNode>> examples() {
        List<Map.Entry<String, JsonNode>> examples = new ArrayList<>();
        collect("", root, examples);
        return examples;
    }

    private static void collect(String pointer, JsonNode json, List<Map.Entry<String, JsonNode>> examples) {
        if (json.isArray()) {
            for (int i = 0; i < json.size(); i++) {
                collect(pointer + "/" + i, json.get(i), examples);
            }
            return;
        }
        JsonNode schema = json.get("schema");
        if (schema != null) {
            // A parameter, or the body of one media type.
            if (json.has("example")) {
                examples.add(Map.entry(pointer + "/schema", json.get("example")));
            }
            json.path("examples")
                    .properties()
                    .forEach(each -> examples.add(Map.entry(
                            pointer + "/schema",
                            Objects.requireNonNull(each.getValue().get("value")))));
        } else if (json.has("example") && isSchema(json)) {
            examples.add(Map.entry(pointer, json.get("example")));
        }
        json.properties().forEach(each -> {
            if (!each.getKey().equals("example") && !each.getKey().equals("examples")) {
                collect(pointer + "/" + each.getKey().replace("~", "~0").replace("/", "~1"), each.getValue(), examples);
            }
        });
    }

    private static boolean isSchema(JsonNode json) {
        return json.path("type").isString() || json.has("$ref") || json.has("oneOf");
    }
}
