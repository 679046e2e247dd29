package io.trainyard.network;

import io.swagger.v3.oas.annotations.media.Schema;
import io.trainyard.network.layer.LayerSpec;
import java.util.List;

/**
 * A ready network with training settings that suit it.
 *
 * @param teaches what its curves show
 */
public record Preset(
        @Schema(example = "rung-9") String name,
        String title,
        String teaches,
        List<LayerSpec> layers,
        TrainingSettings training) {}
