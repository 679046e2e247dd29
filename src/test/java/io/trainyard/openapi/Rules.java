package io.trainyard.openapi;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What an OpenAPI document must have, beyond what makes it valid, for people and generators to work with it. */
final class Rules {

    private static final Pattern OPERATION_ID = Pattern.compile("[a-z]+([A-Z][a-z]+)*");
    private static final Pattern PARAMETER = Pattern.compile("\\{([^}]+)}");

    private final Document document;
    private final List<String> violations = new ArrayList<>();

    private Rules(Document document) {
        this.document = document;
    }

    /** Each in a line. */
    static List<String> violationsOf(Document document) {
        Rules rules = new Rules(document);
        rules.checkOperations();
        rules.checkSchemas();
        rules.checkComponents();
        return rules.violations;
    }

    private void checkOperations() {
        Set<String> tags = new HashSet<>();
        document.root().path("tags").forEach(tag -> {
            tags.add(tag.path("name").asString(""));
            need(tag.has("description"), "tag " + tag.path("name"), "a description");
        });
        Set<String> ids = new HashSet<>();
        document.operations().forEach(operation -> {
            JsonNode json = operation.json();
            String id = json.path("operationId").asString("");
            need(OPERATION_ID.matcher(id).matches(), operation, "an operationId in camel case, has '" + id + "'");
            need(ids.add(id), operation, "an operationId of its own, '" + id + "' is another's");
            String summary = json.path("summary").asString("");
            need(!summary.isEmpty() && !summary.endsWith("."), operation, "a summary without a full stop");
            need(json.path("description").asString("").endsWith("."), operation, "a description in sentences");
            need(json.path("tags").size() == 1, operation, "one tag");
            json.path("tags")
                    .forEach(tag -> need(tags.contains(tag.asString("")), operation, "a declared tag: " + tag));
            checkParameters(operation);
            checkBodies(operation);
        });
    }

    private void checkParameters(Document.Operation operation) {
        Set<String> inPath = new TreeSet<>();
        operation.json().path("parameters").forEach(parameter -> {
            String name = parameter.path("name").asString("");
            need(parameter.has("description"), operation, "a description of " + name);
            need(parameter.has("schema"), operation, "a schema of " + name);
            if (parameter.path("in").asString("").equals("path")) {
                inPath.add(name);
                need(parameter.path("required").asBoolean(false), operation, "to require " + name);
            }
            if (Set.of("limit", "offset").contains(name)) {
                need(parameter.path("schema").has("minimum"), operation, "the least " + name);
                need(parameter.path("schema").has("default"), operation, "the default " + name);
            }
            if (name.equals("limit")) {
                need(parameter.path("schema").has("maximum"), operation, "the largest limit");
            }
        });
        Set<String> inTemplate = new TreeSet<>();
        Matcher matcher = PARAMETER.matcher(operation.path());
        while (matcher.find()) {
            inTemplate.add(matcher.group(1));
        }
        need(inTemplate.equals(inPath), operation, "the parameters of its path, has " + inPath);
    }

    private void checkBodies(Document.Operation operation) {
        JsonNode responses = operation.json().path("responses");
        Set<String> statuses = new TreeSet<>(responses.propertyNames());
        need(statuses.stream().anyMatch(status -> status.startsWith("2")), operation, "an answer when all is well");
        boolean open = operation.json().path("security").isArray()
                && operation.json().path("security").isEmpty();
        for (String status : open ? List.of("429", "500", "503") : List.of("401", "403", "429", "500", "503")) {
            need(statuses.contains(status), operation, "the answer " + status);
        }
        JsonNode body = operation.json().path("requestBody");
        if (!body.isMissingNode()) {
            need(statuses.containsAll(Set.of("400", "413", "415", "422")), operation, "what a bad body is answered");
            body.path("content")
                    .properties()
                    .forEach(media -> need(media.getValue().has("schema"), operation, "a schema of " + media.getKey()));
        }
        responses.properties().forEach(each -> {
            JsonNode response = document.resolved(each.getValue());
            String status = each.getKey();
            need(!response.path("description").asString("").isEmpty(), operation, "a description of " + status);
            response.path("content")
                    .properties()
                    .forEach(media -> need(media.getValue().has("schema"), operation, "a schema of " + status));
            boolean bodiless = status.equals("204") || (status.equals("202") && !response.has("content"));
            need(bodiless || !response.path("content").isEmpty(), operation, "a body of " + status);
            if (status.compareTo("400") >= 0) {
                String form = operation.path().startsWith("/v") ? "application/json" : "application/problem+json";
                need(response.path("content").has(form), operation, status + " as " + form);
            }
            if (Set.of("429", "503").contains(status)) {
                need(response.path("headers").has("Retry-After"), operation, "Retry-After with " + status);
            }
        });
    }

    private void checkSchemas() {
        document.everySchema((where, schema) -> {
            String type = schema.path("type").asString("");
            if (type.equals("object")) {
                need(
                        schema.has("properties") || schema.has("additionalProperties"),
                        where,
                        "the properties of the object");
            }
            if (type.equals("array")) {
                need(schema.has("items"), where, "the items of the array");
            }
            if (schema.has("discriminator")) {
                Set<String> mapped = new TreeSet<>();
                schema.at("/discriminator/mapping")
                        .forEach(ref -> mapped.add(ref.asString("").substring("#/components/schemas/".length())));
                Set<String> listed = new TreeSet<>();
                schema.path("oneOf")
                        .forEach(each ->
                                listed.add(each.path("$ref").asString("").substring("#/components/schemas/".length())));
                need(mapped.equals(listed), where, "a value of the discriminator for each variant");
            }
            for (JsonNode required : schema.path("required")) {
                need(schema.path("properties").has(required.asString("")), where, "the property " + required);
            }
        });
    }

    private void checkComponents() {
        String all = document.root().toString();
        for (String kind : List.of("schemas", "responses")) {
            document.root()
                    .path("components")
                    .path(kind)
                    .propertyNames()
                    .forEach(name -> need(
                            all.contains("\"#/components/" + kind + "/" + name + "\""), name, "to be used, or to go"));
        }
        need(document.root().at("/components/securitySchemes/key").isObject(), "the document", "a security scheme");
        need(document.root().path("security").size() == 1, "the document", "to say that keys are asked for");
    }

    private void need(boolean there, Object where, String what) {
        if (!there) {
            violations.add(where + " needs " + what);
        }
    }
}
