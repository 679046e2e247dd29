package io.trainyard.network;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The ready networks, read from {@code presets.json} in the jar; the ladder's rungs among them. */
@Component
public class Presets {

    private final List<Preset> presets;

    Presets(JsonMapper json) {
        try (InputStream in = new ClassPathResource("presets.json").getInputStream()) {
            presets = json.readValue(in, new TypeReference<List<Preset>>() {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public List<Preset> all() {
        return presets;
    }

    public Optional<Preset> find(String name) {
        return presets.stream().filter(preset -> preset.name().equals(name)).findFirst();
    }
}
