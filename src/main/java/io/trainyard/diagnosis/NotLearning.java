package io.trainyard.diagnosis;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The loss barely moves from where a guesser would be. */
final class NotLearning implements Rule {

    /** A slope needs a third point. */
    private static final int FEWEST_EPOCHS = 3;

    /** More of a guesser's loss left than this is nothing learned: weights that are not trained begin at about all of it. */
    private static final double NOTHING_LEARNED = 0.95;

    /** A first epoch this much worse than guessing has blown the weights away: relu units that are dead, sigmoids that are stuck. */
    private static final double BLOWN_AWAY = 2;

    @Override
    public Optional<Finding> examine(Curves curves) {
        if (curves.length() < FEWEST_EPOCHS || !isFlat(curves)) {
            return Optional.empty();
        }
        Series train = curves.trainLoss();
        Cause cause = cause(curves);
        return Optional.of(new Finding(
                Finding.Code.NOT_LEARNING,
                Finding.Severity.PROBLEM,
                "Not learning: the loss barely moves",
                "After " + curves.length() + " epochs the training loss is still " + Words.number(train.last())
                        + comparison(curves.guesser()) + ". " + cause.words,
                List.of(
                        curves.evidence(train, 0, "the first"),
                        curves.lastOf(train, "the last"),
                        curves.lastOf(curves.valLoss(), "on rows that training never sees")),
                remedies(curves, cause)));
    }

    private static boolean isFlat(Curves curves) {
        Series train = curves.trainLoss();
        if (!curves.haveFlattened()) {
            return false;
        }
        Double guesser = curves.guesser();
        if (guesser != null && train.last() < NOTHING_LEARNED * guesser) {
            return false;
        }
        Double remaining = curves.remaining();
        return remaining != null ? remaining > NOTHING_LEARNED : train.last() > NOTHING_LEARNED * train.first();
    }

    private static String comparison(@Nullable Double guesser) {
        return guesser == null
                ? ""
                : ", and one who knows nothing but how frequent each class is has " + Words.number(guesser);
    }

    private static Cause cause(Curves curves) {
        Double guesser = curves.guesser();
        if (guesser != null && curves.trainLoss().first() > BLOWN_AWAY * guesser) {
            return Cause.STEPS_TOO_LARGE;
        }
        if (new NetworkRemedies(curves).saturating().size() >= Slow.STACKED) {
            return Cause.VANISHING_GRADIENT;
        }
        return new TrainingRemedies(curves).isRateHigh() ? Cause.STEPS_TOO_LARGE : Cause.STEPS_TOO_SMALL;
    }

    private static List<Suggestion> remedies(Curves curves, Cause cause) {
        TrainingRemedies training = new TrainingRemedies(curves);
        return switch (cause) {
            case STEPS_TOO_LARGE -> Remedies.list(training.lowerRate(0.1), training.clipGradients());
            case VANISHING_GRADIENT ->
                Remedies.list(
                        new NetworkRemedies(curves).useRelu(),
                        training.useAdam(),
                        training.isRateHigh() ? training.lowerRate(0.1) : training.raiseRate());
            case STEPS_TOO_SMALL -> Remedies.list(training.raiseRate(), training.useAdam());
        };
    }

    /** Why a loss stays where it is. */
    private enum Cause {
        STEPS_TOO_LARGE(
                "The steps are probably too large: the first ones have driven the weights to where no gradient leads"
                        + " back (relu units that are zero for every row are dead). A lower learning rate keeps them in reach."),
        VANISHING_GRADIENT(
                "The network stacks layers of sigmoid or tanh. Their slope is small where they saturate, and the"
                        + " gradient is multiplied by it once a layer: little of it reaches the first ones. That is the vanishing"
                        + " gradient; relu does not shrink it."),
        STEPS_TOO_SMALL("The network has no stack of saturating activations and the rate is not high, so the steps are"
                + " probably too small: try ten times the rate, or an optimizer that adapts its steps.");

        private final String words;

        Cause(String words) {
            this.words = words;
        }
    }
}
