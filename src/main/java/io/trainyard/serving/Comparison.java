package io.trainyard.serving;

import io.trainyard.encoding.Instance;
import io.trainyard.encoding.Ranking;
import io.trainyard.encoding.Target;
import io.trainyard.rollout.Disagreement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What two versions said of the same rows.
 *
 * @param agreed rows with the same most probable class, or with numbers within the tolerance
 * @param difference the largest between two probabilities, or between two numbers; not finite where one of them is not
 * @param disagreements about the first of the other rows
 */
record Comparison(int agreed, double difference, List<Disagreement> disagreements) {

    /** Of one request; there are so many rows in one. */
    private static final int MAX_DISAGREEMENTS = 20;
    /** Numbers of an instance that is kept. */
    private static final int MAX_VALUES = 4096;

    /**
     * @param version its answers, [rows × answers]
     * @param candidate likewise
     * @param tolerance how far two numbers may be apart and agree
     */
    static Comparison of(
            List<Instance> instances,
            Target target,
            float[] version,
            float[] candidate,
            double tolerance,
            Instant at,
            String requestId) {
        int answers = target.answers();
        int agreed = 0;
        double largest = 0;
        List<Disagreement> disagreements = new ArrayList<>();
        for (int row = 0; row < instances.size(); row++) {
            double difference = difference(version, candidate, row * answers, answers);
            // A NaN stays one.
            largest = Math.max(largest, difference);
            boolean same = target.classes().isEmpty()
                    ? difference <= tolerance
                    : best(version, row, answers) == best(candidate, row, answers);
            if (same) {
                agreed++;
            } else if (disagreements.size() < MAX_DISAGREEMENTS) {
                disagreements.add(new Disagreement(
                        at,
                        requestId,
                        kept(instances.get(row)),
                        said(target, version, row),
                        said(target, candidate, row),
                        difference));
            }
        }
        return new Comparison(agreed, largest, disagreements);
    }

    private static double difference(float[] version, float[] candidate, int offset, int answers) {
        double largest = 0;
        for (int i = offset; i < offset + answers; i++) {
            largest = Math.max(largest, Math.abs((double) version[i] - candidate[i]));
        }
        return largest;
    }

    private static int best(float[] values, int row, int answers) {
        return Ranking.best(values, row * answers, answers, 1)[0];
    }

    private static Disagreement.Said said(Target target, float[] values, int row) {
        if (target.classes().isEmpty()) {
            return Disagreement.Said.ofValue(values[row]);
        }
        int best = best(values, row, target.answers());
        return Disagreement.Said.ofClass(target.classes().get(best), values[row * target.answers() + best]);
    }

    private static @Nullable Object kept(Instance instance) {
        if (instance instanceof Instance.Columns columns) {
            return columns.values();
        }
        float[] values = ((Instance.Values) instance).values();
        return values.length <= MAX_VALUES ? values : null;
    }
}
