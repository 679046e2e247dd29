package io.trainyard.dependencies;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * What is accepted.
 *
 * @param licences SPDX identifiers
 * @param advisories ids, with the reason why each does not concern us
 */
record Policy(Set<String> licences, Map<String, String> advisories) {

    @SuppressWarnings("unchecked") // YAML has no types; another one fails the report.
    static Policy read(Path file) throws IOException {
        try (Reader in = Files.newBufferedReader(file)) {
            Map<String, Object> policy = new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
            return new Policy(
                    Set.copyOf((Collection<String>) policy.get("allowed-licences")),
                    Map.copyOf((Map<String, String>) policy.get("accepted-advisories")));
        }
    }

    /** Whether a licence may be chosen that is allowed. */
    boolean allows(Component component) {
        return component.licences().stream().anyMatch(this::allows);
    }

    private boolean allows(String expression) {
        return Arrays.stream(expression.replaceAll("[()]", "").split(" OR "))
                .anyMatch(choice ->
                        Arrays.stream(choice.split(" AND ")).map(String::strip).allMatch(licences::contains));
    }
}
