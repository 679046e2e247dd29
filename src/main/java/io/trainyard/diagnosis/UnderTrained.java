package io.trainyard.diagnosis;

import java.util.List;
import java.util.Optional;

/** The job has ended while its validation loss was still clearly improving. */
final class UnderTrained implements Rule {

    private static final int FEWEST_EPOCHS = 3;

    @Override
    public Optional<Finding> examine(Curves curves) {
        Series validation = curves.valLoss();
        boolean isImproving = curves.length() >= FEWEST_EPOCHS
                && validation.lowest() >= validation.length() - validation.recent()
                && validation.recentFall() >= Math.max(Thresholds.IMPROVES, validation.noise());
        if (!curves.status().isTerminal() || !isImproving) {
            return Optional.empty();
        }
        TrainingRemedies training = new TrainingRemedies(curves);
        int before = validation.length() - 1 - validation.recent();
        return Optional.of(new Finding(
                Finding.Code.UNDER_TRAINED,
                Finding.Severity.HINT,
                "Under-trained: the validation loss was still falling at the end",
                "In the last " + (validation.recent() == 1 ? "epoch" : validation.recent() + " epochs")
                        + " the validation loss fell by another " + Words.percent(validation.recentFall())
                        + ", and there is no sign of overfitting. The network has not learned all that it can.",
                List.of(
                        curves.evidence(validation, before, "shortly before"),
                        curves.lastOf(validation, "the last, still falling")),
                Remedies.list(training.moreEpochs(), training.raiseLowRate())));
    }
}
