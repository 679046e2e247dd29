package io.trainyard.dependencies;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reports, of a bill of materials, licences that are not allowed and vulnerabilities that are publicly known. It needs no
 * network: the advisories are a file.
 */
final class DependencyReport {

    static final String NO_ADVISORIES = "none";

    private final List<String> lines = new ArrayList<>();
    private final List<String> findings = new ArrayList<>();

    private DependencyReport() {}

    /**
     * Writes the report, and fails when it has findings.
     *
     * @param arguments the bill of materials, the policy, the advisories or {@value #NO_ADVISORIES}, the report
     */
    public static void main(String[] arguments) throws IOException {
        Path advisories = arguments[2].equals(NO_ADVISORIES) ? null : Path.of(arguments[2]);
        DependencyReport report = new DependencyReport();
        report.write(Component.read(Path.of(arguments[0])), Policy.read(Path.of(arguments[1])), advisories);
        Path file = Path.of(arguments[3]);
        Files.write(file, report.lines);
        if (!report.findings.isEmpty()) {
            throw new IllegalStateException(file + " has findings:\n" + String.join("\n", report.findings));
        }
        System.out.println(file + ": nothing found" + (advisories == null ? ", and no advisories were read" : ""));
    }

    private void write(List<Component> components, Policy policy, @Nullable Path advisories) throws IOException {
        lines.add("# What the jar is made of");
        lines.add("");
        lines.add(components.size() + " components.");
        lines.add("");
        lines.add("## Licences");
        lines.add("");
        for (Component component : components.stream()
                .sorted(Comparator.comparing(Component::name))
                .toList()) {
            lines.add("- " + component + ": " + String.join(" or ", component.licences()));
            if (!policy.allows(component)) {
                found(component + ": no licence that is allowed, of " + component.licences());
            }
        }
        lines.add("");
        lines.add("## Vulnerabilities");
        lines.add("");
        if (advisories == null) {
            lines.add("No advisories were given.");
        } else {
            write(components, policy, Advisories.read(advisories));
        }
    }

    private void write(List<Component> components, Policy policy, Advisories advisories) {
        lines.add(advisories.all().size() + " advisories, the newest of " + advisories.newest() + ".");
        lines.add("");
        for (Component component : components) {
            for (Advisory advisory : advisories.about(component)) {
                String said = component + ": " + advisory.id() + " " + advisory.aliases() + " " + advisory.summary();
                String accepted = policy.advisories().get(advisory.id());
                if (accepted == null) {
                    found(said);
                } else {
                    lines.add("- " + said + " (accepted: " + accepted + ")");
                }
            }
        }
    }

    private void found(String finding) {
        findings.add(finding);
        lines.add("- **FOUND** " + finding);
    }
}
