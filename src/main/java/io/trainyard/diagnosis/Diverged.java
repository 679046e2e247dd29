package io.trainyard.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The loss is no number any more, or has exploded. */
final class Diverged implements Rule {

    /** Worse than a guesser by this factor, from the first epoch to the last, is worse than weights that were never trained. */
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
        Series validation = curves.valLoss();
        Double guesser = curves.guesser();
        if (train.length() > 1 && train.last() > GROWN * train.first()) {
            // A loss that is small beside that of guessing has only been noisy.
            return guesser == null || train.last() > WORSE_THAN_GUESSING * guesser;
        }
        return guesser != null
                && train.length() > 1
                && Math.min(train.first(), train.last()) > WORSE_THAN_GUESSING * guesser
                && validation.last() > WORSE_THAN_GUESSING * guesser
                && train.recentFall() < Thresholds.IMPROVES;
    }
}
