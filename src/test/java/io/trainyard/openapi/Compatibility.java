package io.trainyard.openapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.OpenAPI;
import java.io.ByteArrayOutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import org.openapitools.openapidiff.core.compare.OpenApiDiff;
import org.openapitools.openapidiff.core.compare.OpenApiDiffOptions;
import org.openapitools.openapidiff.core.model.ChangedOpenApi;
import org.openapitools.openapidiff.core.output.ConsoleRender;
import tools.jackson.databind.node.ObjectNode;

/**
 * Whether clients that were written by one document can live with another.
 *
 * @param broken whether they cannot
 * @param report what has changed
 */
record Compatibility(boolean broken, String report) {

    static Compatibility of(Document before, Document after) {
        ChangedOpenApi changes = OpenApiDiff.compare(
                read(before), read(after), OpenApiDiffOptions.builder().build());
        ByteArrayOutputStream report = new ByteArrayOutputStream();
        new ConsoleRender().render(changes, new OutputStreamWriter(report, StandardCharsets.UTF_8));
        return new Compatibility(changes.isIncompatible(), report.toString(StandardCharsets.UTF_8));
    }

    /** As OpenAPI 3.0, which is all that the library compares: of 3.1 the document has only what 3.0 has too. */
    private static OpenAPI read(Document document) {
        ObjectNode lowered = (ObjectNode) document.promise().root();
        lowered.put("openapi", "3.0.3");
        try {
            return Json.mapper().readValue(lowered.toString(), OpenAPI.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
