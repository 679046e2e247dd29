package io.trainyard.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The loss is no number any more, or has exploded. */
final class Diverged implements Rule {

    /** A loss of twice a guesser's is worse than that of weights that were never trained. */
    private static final double WORSE_THAN_GUESSING = 2;

    /** A training loss that has grown by this factor does not only wobble. */
    private static final double GROWN = 2;

    @Override
    public Optional<Finding> examine(Curves curves) {
        boolean noNumber = curves.length() < curves.epochs().size();
        if (!noNumber && !hasExploded(curves)) {
            return Optional.empty();
        }
        List<Evidence> evidence = new ArrayList<>();
        if (curves.length() > 0) {
            evidence.add(curves.evidence(curves.trainLoss(), 0, "the first"));
            evidence.add(curves.lastOf(curves.trainLoss(), noNumber ? "the last that was a number" : "the last"));
            evidence.add(curves.lastOf(curves.valLoss(), "on rows that training never sees"));
        }
        int epoch = curves.epochs().get(curves.epochs().size() - 1).epoch();
        String what = noNumber
                ? "In epoch " + epoch + " the loss was no longer a number."
                : "The loss is far above that of guessing, and does not come back.";
        return Optional.of(new Finding(
                Finding.Code.DIVERGED,
                Finding.Severity.PROBLEM,
                noNumber ? "Diverged: the loss became NaN" : "Diverged: the loss has exploded",
                what + " Each step overshoots the minimum and lands higher than it began, so that weights and gradients"
                        + " grow without bound. Smaller steps end that.",
                evidence,
                Remedies.list(
                        new TrainingRemedies(curves).lowerRate(0.1), new TrainingRemedies(curves).clipGradients())));
    }

    private static boolean hasExploded(Curves curves) {
        Series train = curves.trainLoss();
        Double remaining = curves.remaining();
        if (train.length() < 2 || (remaining != null && remaining < WORSE_THAN_GUESSING)) {
            // A loss that has grown, and is still small beside that of guessing, is only noisy.
            return false;
        }
        Double guesser = curves.guesser();
        boolean neverWas = guesser != null
                && train.first() > WORSE_THAN_GUESSING * guesser
                && train.recentFall() < Thresholds.IMPROVES;
        return neverWas || train.arrived() > GROWN * train.first();
    }
}
