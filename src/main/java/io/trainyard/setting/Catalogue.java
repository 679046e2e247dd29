package io.trainyard.setting;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The names of all settings of the program's own, as the compiler has written them down for editors and tools. */
final class Catalogue {

    static final String PREFIX = "trainyard";

    private static final String METADATA = "classpath*:META-INF/spring-configuration-metadata.json";
    /** Of an element of a list: {@code [0]} in a file, {@code _0} in a variable. */
    private static final Pattern INDEX = Pattern.compile("(\\[\\d+]|_\\d+)$");

    private static final Pattern SEPARATORS = Pattern.compile("[^a-z0-9]");

    /** As {@link #plain} writes them. */
    private final Set<String> names = new HashSet<>();

    private final Set<String> prefixes = new HashSet<>();

    Catalogue() throws IOException {
        for (Resource metadata : new PathMatchingResourcePatternResolver().getResources(METADATA)) {
            try (InputStream in = metadata.getInputStream()) {
                for (JsonNode property : JsonMapper.shared().readTree(in).path("properties")) {
                    add(property.path("name").asString(), property.path("type").asString(""));
                }
            }
        }
    }

    private void add(String name, String type) {
        if (name.startsWith(PREFIX + ".")) {
            (type.startsWith("java.util.Map") ? prefixes : names).add(plain(name));
        }
    }

    /** Whether a setting, or an environment variable, is one of them, in whatever way it is written. */
    boolean holds(String name) {
        return names.contains(plain(name))
                || names.contains(plain(INDEX.matcher(name).replaceFirst("")))
                || isInMap(name);
    }

    private boolean isInMap(String name) {
        if (name.indexOf('.') < 0) {
            return prefixes.stream().anyMatch(plain(name)::startsWith);
        }
        return IntStream.range(0, name.length())
                .filter(i -> name.charAt(i) == '.' || name.charAt(i) == '[')
                .anyMatch(i -> prefixes.contains(plain(name.substring(0, i))));
    }

    /** {@code trainyard.training.max-queued}, {@code …maxQueued} and {@code TRAINYARD_TRAINING_MAX_QUEUED} are the same. */
    private static String plain(String name) {
        return SEPARATORS.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("");
    }
}
