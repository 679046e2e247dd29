package io.trainyard.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.LinkedHashMap;
import java.util.Map;

/** How a version does on the held-out split. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "task")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ClassificationEvaluation.class, name = "classification"),
    @JsonSubTypes.Type(value = RegressionEvaluation.class, name = "regression"),
})
@Schema(oneOf = {ClassificationEvaluation.class, RegressionEvaluation.class})
public sealed interface VersionEvaluation permits ClassificationEvaluation, RegressionEvaluation {

    /** The mean over the rows, penalties on the weights included. */
    double loss();

    /** The metrics that the job asked for, by name. */
    Map<String, Double> metrics();

    /** Loss and metrics by their names in the curves: {@code val_loss}, {@code val_accuracy}… */
    default Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("val_loss", loss());
        metrics().forEach((name, value) -> figures.put("val_" + name, value));
        return figures;
    }
}
