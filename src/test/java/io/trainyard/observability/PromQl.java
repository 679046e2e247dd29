package io.trainyard.observability;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** As much of Prometheus' language as tells which series an expression reads, and which of their labels it names. */
final class PromQl {

    private static final Pattern TEXT = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern RANGE = Pattern.compile("\\[[^]]*]");
    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|on|group_left|group_right)\\s*\\(([^)]*)\\)");
    private static final Pattern SELECTOR =
            Pattern.compile("(?<![\\w:.])([a-zA-Z_:][\\w:]*)\\s*(?:\\{([^}]*)\\})?(?!\\s*\\()(?![\\w:])");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset");

    private PromQl() {}

    /** The labels that series are grouped or joined by: {@code without} and {@code ignoring} are not understood. */
    static Set<String> groupings(String expression) {
        return GROUPING.matcher(TEXT.matcher(expression).replaceAll(""))
                .results()
                .flatMap(grouping -> Arrays.stream(grouping.group(1).split(",")))
                .map(String::strip)
                .collect(Collectors.toSet());
    }

    /** The names of series, each with the labels that its matchers name. */
    static Map<String, Set<String>> selectors(String expression) {
        String bare = TEXT.matcher(expression).replaceAll("");
        bare = RANGE.matcher(bare).replaceAll("");
        bare = GROUPING.matcher(bare).replaceAll(" ");
        Map<String, Set<String>> found = new HashMap<>();
        Matcher selector = SELECTOR.matcher(bare);
        while (selector.find()) {
            if (WORDS.contains(selector.group(1))) {
                continue;
            }
            Set<String> labels = found.computeIfAbsent(selector.group(1), name -> new HashSet<>());
            if (selector.group(2) != null) {
                Matcher matcher = MATCHER.matcher(selector.group(2));
                while (matcher.find()) {
                    labels.add(matcher.group(1));
                }
            }
        }
        return found;
    }
}
