package io.trainyard.deployment;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The environment variables that this program, Java, OpenMP or CUDA reads: what is not among them would do nothing, in silence. */
final class Variables {

    private static final Set<String> OF_OTHERS = Set.of(
            "JAVA_TOOL_OPTIONS",
            "OMP_NUM_THREADS",
            "OMP_WAIT_POLICY",
            "GOMP_SPINCOUNT",
            "CUDA_VISIBLE_DEVICES",
            "CUDA_DEVICE_ORDER");
    private static final Set<String> KNOWN = known();

    private Variables() {}

    static boolean known(String name) {
        return OF_OTHERS.contains(name) || KNOWN.contains(name.replaceFirst("_FILE$", "")) || KNOWN.contains(name);
    }

    /** Whether a file named so in a tree of configuration is a setting. */
    static boolean setting(String name) {
        return KNOWN.contains(variable(name));
    }

    private static String variable(String setting) {
        return setting.replace(".", "_").replace("-", "_").toUpperCase(Locale.ROOT);
    }

    /** Of the program's own settings and of Spring Boot's. */
    private static Set<String> known() {
        Set<String> known = new HashSet<>();
        JsonMapper json = JsonMapper.builder().build();
        try {
            for (URL metadata : Collections.list(
                    Variables.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
                try (InputStream in = metadata.openStream()) {
                    for (JsonNode property : json.readTree(in).path("properties")) {
                        String name = property.get("name").stringValue();
                        known.add(variable(name));
                        // Spring takes both.
                        known.add(variable(name.replace("-", "")));
                    }
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return known;
    }
}
