package io.trainyard.platform;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.trainyard.problem.Names;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What holds of a parameter wherever it is in the OpenAPI document: what it means, and its bounds. */
final class DocumentParameters {

    private static final BigDecimal ONE = BigDecimal.ONE;

    /** By place and name; a controller that says more has said it itself. */
    private static final Map<String, String> MEANINGS = Map.ofEntries(
            Map.entry("path id", "The id."),
            Map.entry("path name", "The name."),
            Map.entry("path model", "The model's name."),
            Map.entry("path alias", "The alias' name."),
            Map.entry("path label", "The alias' name: TensorFlow Serving calls it a label."),
            Map.entry("path version", "The version's number."),
            Map.entry("path slug", "The last part of a problem's `type`."),
            Map.entry("query limit", "How many at most."),
            Map.entry("query offset", "How many rows are passed over."),
            Map.entry("query images", "Whether pictures come as PNG, in data URIs."),
            Map.entry("query at", "The time at which it is asked where the alias pointed; now where it is left out."),
            Map.entry("query attempt", "Which attempt's, counted from 1; the latest where it is left out."),
            Map.entry("header Last-Event-ID", "The `id` of the last event that was received, as browsers send it."));

    private DocumentParameters() {}

    static void complete(OpenAPI document) {
        document.getPaths().forEach((path, item) -> item.readOperations().stream()
                .filter(operation -> operation.getParameters() != null)
                .flatMap(operation -> operation.getParameters().stream())
                .forEach(parameter -> complete(path, parameter)));
    }

    private static void complete(String path, Parameter parameter) {
        if (parameter.getDescription() == null) {
            parameter.setDescription(MEANINGS.get(parameter.getIn() + " " + parameter.getName()));
        }
        Schema<?> schema = parameter.getSchema() == null ? text() : parameter.getSchema();
        parameter.setSchema(schema);
        // What looks like a number is taken for one.
        if (parameter.getExample() != null && isA("string", schema)) {
            parameter.setExample(parameter.getExample().toString());
        }
        switch (parameter.getName()) {
            case "limit" -> schema.minimum(ONE).maximum(BigDecimal.valueOf(mostAt(path)));
            case "offset" -> schema.minimum(BigDecimal.ZERO);
            case "name", "model", "alias", "label" -> {
                if (parameter.getIn().equals("path")) {
                    schema.pattern("^" + Names.PATTERN + "$");
                }
            }
            case "version", "top_k", "timeout_ms" -> {
                if (isA("integer", schema)) {
                    schema.minimum(ONE);
                }
            }
            default -> {}
        }
    }

    private static boolean isA(String type, Schema<?> schema) {
        return type.equals(schema.getType())
                || (schema.getTypes() != null && schema.getTypes().contains(type));
    }

    private static Schema<?> text() {
        Schema<Object> text = new Schema<>();
        text.addType("string");
        return text;
    }

    private static int mostAt(@Nullable String path) {
        if (path != null && path.contains("/rollout")) {
            return 100;
        }
        if (path != null && path.endsWith("/workers/log")) {
            return 1000;
        }
        return path != null && path.endsWith("/metrics") ? 10_000 : 500;
    }
}
