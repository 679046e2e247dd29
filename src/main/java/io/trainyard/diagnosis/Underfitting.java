package io.trainyard.diagnosis;

import java.util.List;
import java.util.Optional;

/** Both curves have come to rest at a poor value, close to each other. */
final class Underfitting implements Rule {

    /** A network without a hidden layer that leaves 5% of a guesser's loss: a hidden one nearly always finds more. */
    private static final double LEFT_BY_LINEAR = 0.05;

    /** Beside hidden layers the data may hold no more, so a fifth has to be left. */
    private static final double LEFT_BY_HIDDEN = 0.2;

    /** A validation loss of half again the training loss is a gap, and more weights would widen it. */
    private static final double NO_GAP = 1.5;

    @Override
    public Optional<Finding> examine(Curves curves) {
        if (curves.length() < Thresholds.FEW_EPOCHS) {
            return Optional.empty();
        }
        NetworkRemedies network = new NetworkRemedies(curves);
        boolean linear = !network.hasHiddenLayer();
        Double remaining = curves.remaining();
        if (remaining == null
                || remaining < (linear ? LEFT_BY_LINEAR : LEFT_BY_HIDDEN)
                || !curves.haveFlattened()
                || curves.gap() > NO_GAP) {
            return Optional.empty();
        }
        return Optional.of(new Finding(
                Finding.Code.UNDERFITTING,
                linear ? Finding.Severity.PROBLEM : Finding.Severity.HINT,
                "Underfitting: both losses have flattened at a poor value",
                "Training and validation loss have come to rest close to each other, and at " + Words.percent(remaining)
                        + " of a guesser's loss. "
                        + (linear
                                ? "Without a hidden layer the network can only weigh its inputs one by one: it draws straight"
                                        + " boundaries."
                                : "The network may be too small for the task, or the data hold no more."),
                List.of(
                        curves.lastOf(curves.trainLoss(), "the last"),
                        curves.lastOf(curves.valLoss(), "the last"),
                        curves.evidence(
                                curves.valLoss(),
                                curves.length() - 1 - curves.valLoss().recent(),
                                "shortly before")),
                Remedies.list(network.hiddenLayer(), network.convolution(), network.moreWeights())));
    }
}
