package io.trainyard.deployment;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A file of YAML documents as JSON, with its anchors and merges resolved; a key that is there twice is refused. */
final class Yaml {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Yaml() {}

    static List<JsonNode> all(Path file) throws IOException {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        List<JsonNode> documents = new ArrayList<>();
        try (Reader reader = Files.newBufferedReader(file)) {
            for (Object document : new org.yaml.snakeyaml.Yaml(new SafeConstructor(options)).loadAll(reader)) {
                documents.add(JSON.valueToTree(document == null ? Map.of() : document));
            }
        }
        return documents;
    }

    static JsonNode one(Path file) throws IOException {
        return all(file).get(0);
    }
}
