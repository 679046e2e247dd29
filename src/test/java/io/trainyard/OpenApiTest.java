package io.trainyard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The OpenAPI document says what the API does, each thing under a name of its own. */
class OpenApiTest {

    private final JsonNode schemas =
            Service.json(Service.shared().get("/v3/api-docs")).at("/components/schemas");

    @Test
    void schemasOfTheSameClassNameDoNotHideEachOther() {
        assertThat(properties("DatasetVersion")).contains("splits", "sha256");
        assertThat(properties("ModelVersion")).contains("lineage", "artifact");
        for (String variant : List.of("Constant", "ConstantSchedule", "MeanAbsoluteError", "MeanAbsoluteErrorMetric")) {
            assertThat(schemas.has(variant)).as(variant).isTrue();
        }
        assertThat(schemas.at("/Initializer/discriminator/mapping/constant").stringValue())
                .endsWith("/Constant");
        assertThat(schemas.at("/LearningRateSchedule/discriminator/mapping/constant")
                        .stringValue())
                .endsWith("/ConstantSchedule");
    }

    /** Else the page has no field for a file. */
    @Test
    void bodiesOfSeveralPartsAreObjects() {
        for (String form : List.of("DatasetUpload", "ModelImport")) {
            assertThat(schemas.path(form).path("type").asString()).as(form).isEqualTo("object");
        }
    }

    @Test
    void everyLayerIsListed() {
        assertThat(schemas.at("/LayerSpec/oneOf")).hasSize(32);
    }

    @Test
    void theShuffleBufferAndTheWaitForRowsAreThere() {
        assertThat(schemas.at("/TrainingSettings/properties/shuffle_buffer/type")
                        .stringValue())
                .isEqualTo("integer");
        assertThat(schemas.at("/TrainingSettings/properties/shuffle_buffer/description")
                        .stringValue())
                .contains("batch_size");
        assertThat(properties("TrainingSpec")).contains("shuffle_buffer");
        assertThat(properties("EpochMetrics")).contains("data_wait_seconds");
    }

    @Test
    void treesAreAnyJsonAndNotTheirClass() {
        assertThat(schemas.has("JsonNode")).isFalse();
        assertThat(properties("Change")).containsExactly("op", "path", "value");
    }

    private Iterable<String> properties(String schema) {
        return schemas.path(schema).path("properties").propertyNames();
    }
}
