package io.trainyard.web;

import io.trainyard.problem.FieldError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A value that is not the same in all specs.
 *
 * @param pointer where it stands (RFC 6901)
 * @param values in each spec; null where there is none
 */
public record SpecDifference(String pointer, List<@Nullable String> values) {

    /** Where specs differ, in their own order. */
    static List<SpecDifference> between(List<JsonNode> specs) {
        List<Map<String, String>> flat = specs.stream()
                .map(spec -> {
                    Map<String, String> leaves = new LinkedHashMap<>();
                    flatten("", spec, leaves);
                    return leaves;
                })
                .toList();
        Map<String, Boolean> pointers = new LinkedHashMap<>();
        flat.forEach(leaves -> leaves.keySet().forEach(pointer -> pointers.put(pointer, true)));
        List<SpecDifference> differences = new ArrayList<>();
        for (String pointer : pointers.keySet()) {
            List<@Nullable String> values = new ArrayList<>();
            flat.forEach(leaves -> values.add(leaves.get(pointer)));
            Set<@Nullable String> distinct = new HashSet<>(values);
            if (distinct.size() > 1) {
                differences.add(new SpecDifference(pointer, values));
            }
        }
        return differences;
    }

    private static void flatten(String pointer, JsonNode node, Map<String, String> leaves) {
        if (node.isObject() && !node.isEmpty()) {
            node.properties()
                    .forEach(
                            member -> flatten(FieldError.pointer(pointer, member.getKey()), member.getValue(), leaves));
        } else if (node.isArray() && !node.isEmpty() && node.get(0).isObject()) {
            for (int i = 0; i < node.size(); i++) {
                flatten(FieldError.pointer(pointer, i), node.get(i), leaves);
            }
        } else {
            leaves.put(pointer, node.isString() ? node.stringValue() : node.toString());
        }
    }
}
