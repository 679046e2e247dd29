package io.trainyard.dependencies;

import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A library in the jar.
 *
 * @param name {@code group:artifact}
 * @param licences SPDX identifiers or expressions, or names, any of which may be chosen
 */
record Component(String name, String version, List<String> licences) {

    /** Reads a bill of materials, CycloneDX in JSON. */
    static List<Component> read(Path bill) {
        return JsonMapper.shared()
                .readTree(bill)
                .get("components")
                .valueStream()
                .map(Component::of)
                .distinct()
                .toList();
    }

    private static Component of(JsonNode node) {
        return new Component(
                node.path("group").asString("") + ":" + node.get("name").stringValue(),
                node.get("version").stringValue(),
                node.path("licenses").valueStream().map(Component::licence).toList());
    }

    private static String licence(JsonNode choice) {
        JsonNode licence = choice.path("license");
        return choice.path("expression")
                .asString(licence.path("id").asString(licence.path("name").asString("")));
    }

    @Override
    public String toString() {
        return name + ":" + version;
    }
}
