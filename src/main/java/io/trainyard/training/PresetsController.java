package io.trainyard.training;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import io.trainyard.network.Preset;
import io.trainyard.network.Presets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Profile("api")
@RequestMapping("/api/v1/presets")
@Tag(name = "Jobs")
class PresetsController {

    private final Presets presets;

    PresetsController(Presets presets) {
        this.presets = presets;
    }

    /** All presets: there are few, so the list is one page. */
    record PresetList(List<Preset> items, @Nullable String nextCursor) {}

    @Operation(
            operationId = "listPresets",
            summary = "List presets",
            description = "Ready networks with training settings that suit them; a job names one as"
                    + " `{\"network\": {\"preset\": \"rung-9\"}}`.")
    @GetMapping
    PresetList list() {
        return new PresetList(presets.all(), null);
    }
}
