package io.trainyard.diagnosis;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Those suggestions of several that make sense for a job. */
final class Remedies {

    private Remedies() {}

    @SafeVarargs
    @SuppressWarnings("varargs")
    static List<Suggestion> list(Optional<Suggestion>... remedies) {
        return Arrays.stream(remedies).flatMap(Optional::stream).toList();
    }
}
