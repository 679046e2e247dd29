package io.trainyard.platform;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ApplicationArguments;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The settings on our own command line, for a worker's environment: its command line every user of the machine could read
 * for as long as it runs.
 */
final class InheritedSettings {

    /** Where Spring Boot reads settings of any name, letter for letter. */
    static final String VARIABLE = "SPRING_APPLICATION_JSON";

    private static final String OPTION = "-Dtrainyard.";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** What a worker is told in another way, or is not concerned with. */
    private static final List<String> LEFT_OUT = List.of(
            "server.",
            "trainyard.role",
            "trainyard.workers.",
            "spring.datasource.url",
            "spring.datasource.username",
            "spring.datasource.password",
            "logging.file.name");

    private InheritedSettings() {}

    /**
     * Returns the variable's content, the stronger settings after the weaker.
     *
     * @param options of our JVM
     * @param given the variable's content in our own environment
     */
    static String json(List<String> options, @Nullable String given, ApplicationArguments arguments) {
        Map<String, Object> settings = new LinkedHashMap<>();
        for (String option : options) {
            if (option.startsWith(OPTION)) {
                String[] parts = option.substring("-D".length()).split("=", 2);
                settings.put(parts[0], parts.length == 2 ? parts[1] : "");
            }
        }
        if (given != null && !given.isBlank()) {
            settings.putAll(JSON.readValue(given, new TypeReference<Map<String, Object>>() {}));
        }
        for (String name : new ArrayList<>(arguments.getOptionNames())) {
            if (LEFT_OUT.stream().noneMatch(name::startsWith)) {
                List<String> values = arguments.getOptionValues(name);
                settings.put(name, values == null ? "" : String.join(",", values));
            }
        }
        return JSON.writeValueAsString(settings);
    }
}
