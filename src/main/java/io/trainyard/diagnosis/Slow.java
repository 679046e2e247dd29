package io.trainyard.diagnosis;

import java.util.List;
import java.util.Optional;

/** The network learns, but saturating activations let little of the gradient through. */
final class Slow implements Rule {

    /** One saturating layer passes the gradient on to no other. */
    static final int STACKED = 2;

    private static final int FEWEST_EPOCHS = 4;

    /** A quarter of a guesser's loss left: most networks are below that after their first epochs. */
    private static final double MUCH_LEFT = 0.25;

    @Override
    public Optional<Finding> examine(Curves curves) {
        if (curves.length() < FEWEST_EPOCHS) {
            return Optional.empty();
        }
        Series validation = curves.valLoss();
        Double remaining = curves.remaining();
        int saturating = new NetworkRemedies(curves).saturating().size();
        if (saturating < STACKED
                || remaining == null
                || remaining < MUCH_LEFT
                || validation.recentFall() < Thresholds.IMPROVES) {
            return Optional.empty();
        }
        TrainingRemedies training = new TrainingRemedies(curves);
        return Optional.of(new Finding(
                Finding.Code.SLOW,
                Finding.Severity.PROBLEM,
                "Barely learning: the gradient vanishes in sigmoid or tanh layers",
                "After " + curves.length() + " epochs the validation loss is still " + Words.percent(remaining)
                        + " of a guesser's, and falls slowly. The network stacks " + saturating
                        + " layers of sigmoid or tanh, whose slope is small: the gradient is"
                        + " multiplied by it once a layer, and little of it reaches the first ones. relu lets it through.",
                List.of(
                        curves.evidence(validation, 0, "the first"),
                        curves.evidence(validation, validation.length() / 2, "halfway"),
                        curves.lastOf(validation, "the last, still falling")),
                Remedies.list(
                        new NetworkRemedies(curves).useRelu(),
                        training.useAdam(),
                        training.raiseRate(),
                        training.moreEpochs())));
    }
}
