package io.trainyard;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * One of those in the OpenAPI document.
 *
 * @param template the path, with its parameters in braces
 * @param query the names of the parameters that follow it
 */
record Operation(String method, String template, List<String> query) {

    private static final Pattern PARAMETER = Pattern.compile("\\{([^}]+)}");
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    static Stream<Operation> all(Service service) {
        JsonNode paths = Service.json(service.get("/v3/api-docs")).get("paths");
        return paths.propertyStream().flatMap(path -> path.getValue()
                .propertyStream()
                .filter(method -> METHODS.contains(method.getKey()))
                .map(method -> new Operation(
                        method.getKey().toUpperCase(Locale.ROOT), path.getKey(), query(method.getValue()))));
    }

    private static List<String> query(JsonNode operation) {
        return operation
                .path("parameters")
                .valueStream()
                .filter(parameter -> parameter.path("in").asString("").equals("query"))
                .map(parameter -> parameter.path("name").asString(""))
                .toList();
    }

    List<String> parameters() {
        return PARAMETER
                .matcher(template)
                .results()
                .map(parameter -> parameter.group(1))
                .toList();
    }

    /** The path with the same value for each parameter. */
    String path(String value) {
        return path(name -> value);
    }

    String path(UnaryOperator<String> value) {
        return PARAMETER
                .matcher(template)
                .replaceAll((MatchResult match) -> Matcher.quoteReplacement(value.apply(match.group(1))));
    }

    @Override
    public String toString() {
        return method + " " + template;
    }
}
