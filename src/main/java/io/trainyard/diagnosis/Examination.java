package io.trainyard.diagnosis;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Applies the rules to a job's curves. */
final class Examination {

    /** Only the first group that finds something speaks: what it finds explains what later ones would see. */
    private static final List<List<Rule>> RULES = List.of(
            List.of(new Diverged()),
            List.of(new NotLearning()),
            List.of(new Slow()),
            List.of(new Noisy(), new Overfitting(), new Underfitting(), new UnderTrained()),
            List.of(new TooEarly()),
            List.of(new Healthy()));

    private Examination() {}

    /** The findings, the most serious one first; at least one. */
    static List<Finding> findings(Curves curves) {
        if (curves.epochs().isEmpty()) {
            return new TooEarly().examine(curves).stream().toList();
        }
        return RULES.stream()
                .map(group -> group.stream()
                        .map(rule -> rule.examine(curves))
                        .flatMap(Optional::stream)
                        .sorted(Comparator.comparing(Finding::severity))
                        .toList())
                .filter(findings -> !findings.isEmpty())
                .findFirst()
                .orElseThrow();
    }

    /** The findings in one sentence. */
    static String summary(Curves curves, List<Finding> findings) {
        int done = curves.epochs().size();
        String when = curves.status().isTerminal()
                ? "After " + done + (done == 1 ? " epoch" : " epochs")
                : "After " + done + " of " + curves.spec().training().epochs() + " epochs so far";
        return findings.stream()
                .map(finding -> finding.title().substring(0, 1).toLowerCase(Locale.ROOT)
                        + finding.title().substring(1))
                .collect(Collectors.joining("; ", when + " – ", "."));
    }
}
