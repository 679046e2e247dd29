package io.trainyard.engine;

import io.trainyard.problem.InvalidFieldException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * The configuration of a network that was written by somebody else, before DL4J sees it. DL4J's parser makes an object of
 * any class that is named in it, and runs the class's static initialiser before it finds that the class does not fit. So
 * every name of a class is compared with a list first, wherever it stands; and what DL4J is given is written anew from what
 * was compared, so that the two cannot read it differently.
 */
final class ForeignConfiguration {

    private static final String CLASS = "@class";
    private static final int MAX_DEPTH = 100;
    private static final Set<String> ALLOWED = allowed();
    /** In the names of arrays and of generic types there are several. */
    private static final Pattern NAME = Pattern.compile("[\\w.$]+");

    private static final Pattern ARRAY = Pattern.compile("^\\[+L");

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private ForeignConfiguration() {}

    /**
     * The same configuration, safe to be given to DL4J.
     *
     * @throws InvalidFieldException for {@code file}
     */
    static String checked(String text) {
        try {
            try (JsonParser parser = MAPPER.createParser(text)) {
                check(parser);
            }
            return MAPPER.writeValueAsString(MAPPER.readTree(text));
        } catch (JacksonException malformed) {
            var at = malformed.getLocation();
            throw new InvalidFieldException(
                    "file",
                    "its configuration.json is not JSON, or nested more than " + MAX_DEPTH + " deep"
                            + (at == null ? "" : ", at line " + at.getLineNr() + ", column " + at.getColumnNr()));
        }
    }

    private static void check(JsonParser parser) {
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            if (token == JsonToken.PROPERTY_NAME) {
                checkText(parser.currentName());
            } else if (token == JsonToken.VALUE_STRING) {
                if (CLASS.equals(parser.currentName()) && !ALLOWED.contains(parser.getString())) {
                    throw refused(parser.getString());
                }
                checkText(parser.getString());
            }
        }
    }

    /** DL4J has older forms too, in which the name of a class stands elsewhere. */
    private static void checkText(String text) {
        Matcher names = NAME.matcher(ARRAY.matcher(text).replaceFirst(""));
        while (names.find()) {
            String name = names.group();
            if (!ALLOWED.contains(name) && isClass(name)) {
                throw refused(name);
            }
        }
    }

    /** By its file: to load the class would be half of what is to be prevented. */
    private static boolean isClass(String name) {
        return ForeignConfiguration.class.getClassLoader().getResource(name.replace('.', '/') + ".class") != null;
    }

    private static InvalidFieldException refused(String name) {
        String shown = name.length() > 200 ? name.substring(0, 200) + "…" : name;
        return new InvalidFieldException(
                "file", "its configuration.json names the class '" + shown + "', which is not one that is read here");
    }

    private static Set<String> allowed() {
        try (InputStream in = Objects.requireNonNull(
                        ForeignConfiguration.class.getResourceAsStream("configuration-classes.txt"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines().filter(line -> !line.startsWith("#")).collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
