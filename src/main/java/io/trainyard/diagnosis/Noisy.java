package io.trainyard.diagnosis;

import java.util.List;
import java.util.Optional;

/** The validation loss jumps up and down around its trend. */
final class Noisy implements Rule {

    /** Jumps of 3% of the loss: those of a rate that decays were at most half of it, of constant ones that were too high above it. */
    private static final double JUMPS = 0.03;

    /** A training loss that falls by less in the second half: the steps are too large for the training rows as well. */
    private static final double STALLS = 1.0 / 3;

    @Override
    public Optional<Finding> examine(Curves curves) {
        Series validation = curves.valLoss();
        double noise = validation.noise();
        // Few rows make a restless mean whatever the rate.
        if (noise < Math.max(JUMPS, curves.heldOut().uncertainty())) {
            return Optional.empty();
        }
        Series train = curves.trainLoss();
        boolean stalls = 1 - train.arrived() / train.halfway() < STALLS;
        int jump = largestJump(validation);
        TrainingRemedies training = new TrainingRemedies(curves);
        return Optional.of(new Finding(
                Finding.Code.NOISY,
                stalls ? Finding.Severity.PROBLEM : Finding.Severity.HINT,
                "Noisy: the validation loss jumps up and down",
                "From epoch to epoch the validation loss jumps by about " + Words.percent(noise) + " around its trend"
                        + (stalls
                                ? ", and the training loss hardly falls any more. The steps are too large to settle:"
                                        + " the weights hop about the minimum."
                                : ", while the training loss goes on falling. Where the weights end is partly luck.")
                        + " A learning rate that decays takes large steps first and small ones at the end.",
                List.of(
                        curves.evidence(validation, jump - 1, "before the largest jump"),
                        curves.evidence(validation, jump, "after the largest jump"),
                        curves.lastOf(train, "the last")),
                Remedies.list(training.decay(), training.lowerRate(0.3))));
    }

    /** The index after the largest rise. */
    private static int largestJump(Series series) {
        int largest = series.settled() + 1;
        for (int i = largest + 1; i < series.length(); i++) {
            if (rise(series, i) > rise(series, largest)) {
                largest = i;
            }
        }
        return largest;
    }

    private static double rise(Series series, int index) {
        return series.values()[index] - series.values()[index - 1];
    }
}
