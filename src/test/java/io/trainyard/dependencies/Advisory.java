package io.trainyard.dependencies;

import java.util.Comparator;
import java.util.List;
import org.apache.maven.artifact.versioning.ComparableVersion;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A publicly known vulnerability, in OSV's format (https://ossf.github.io/osv-schema/). */
record Advisory(
        String id,
        @Nullable String withdrawn,
        @Nullable String modified,
        @Nullable List<String> aliases,
        @Nullable String summary,
        @Nullable List<Affected> affected) {

    private static final ComparableVersion BEFORE_ALL = new ComparableVersion("0");

    /** Versions of a package. */
    record Affected(
            @Nullable Coordinates of,
            @Nullable List<Range> ranges,
            @Nullable List<String> versions) {

        private boolean includes(Component component) {
            if (of == null || !of.ecosystem().startsWith("Maven") || !of.name().equals(component.name())) {
                return false;
            }
            return (versions != null && versions.contains(component.version()))
                    || (ranges != null
                            && ranges.stream()
                                    .filter(range -> !"GIT".equals(range.type()))
                                    .anyMatch(range -> range.includes(new ComparableVersion(component.version()))));
        }
    }

    /** {@code group:artifact} of an ecosystem. */
    record Coordinates(String ecosystem, String name) {}

    /** Versions between events. */
    record Range(String type, List<Event> events) {

        /** As the schema has it evaluated: the last event at or before the version decides. */
        private boolean includes(ComparableVersion version) {
            boolean affected = false;
            for (Event event :
                    events.stream().sorted(Comparator.comparing(Event::at)).toList()) {
                int order = version.compareTo(event.at());
                if (event.introduced() != null && (event.introduced().equals("0") || order >= 0)) {
                    affected = true;
                } else if ((event.fixed() != null && order >= 0) || (event.lastAffected() != null && order > 0)) {
                    affected = false;
                }
            }
            return affected;
        }
    }

    /** One of three is there. */
    record Event(
            @Nullable String introduced,
            @Nullable String fixed,
            @Nullable String lastAffected) {

        private ComparableVersion at() {
            String version = introduced != null ? introduced : fixed != null ? fixed : lastAffected;
            return version == null || version.equals("0") ? BEFORE_ALL : new ComparableVersion(version);
        }
    }

    boolean affects(Component component) {
        return withdrawn == null
                && affected != null
                && affected.stream().anyMatch(versions -> versions.includes(component));
    }

    /** Reads what the file of an advisory holds. */
    static Advisory of(JsonNode file) {
        return new Advisory(
                file.get("id").stringValue(),
                text(file, "withdrawn"),
                text(file, "modified"),
                file.path("aliases").valueStream().map(JsonNode::stringValue).toList(),
                text(file, "summary"),
                file.path("affected").valueStream().map(Advisory::affected).toList());
    }

    private static Affected affected(JsonNode node) {
        JsonNode of = node.path("package");
        return new Affected(
                of.isObject()
                        ? new Coordinates(
                                of.get("ecosystem").stringValue(),
                                of.get("name").stringValue())
                        : null,
                node.path("ranges").valueStream().map(Advisory::range).toList(),
                node.path("versions").valueStream().map(JsonNode::stringValue).toList());
    }

    private static Range range(JsonNode node) {
        return new Range(
                node.get("type").stringValue(),
                node.path("events")
                        .valueStream()
                        .map(event -> new Event(
                                text(event, "introduced"), text(event, "fixed"), text(event, "last_affected")))
                        .toList());
    }

    private static @Nullable String text(JsonNode node, String field) {
        return node.path(field).asStringOpt().orElse(null);
    }
}
