package io.trainyard.diagnosis;

import java.util.List;
import java.util.Optional;

/** There are too few epochs for a trend. */
final class TooEarly implements Rule {

    @Override
    public Optional<Finding> examine(Curves curves) {
        if (curves.length() >= Thresholds.FEW_EPOCHS) {
            return Optional.empty();
        }
        boolean ended = curves.status().isTerminal();
        return Optional.of(new Finding(
                Finding.Code.TOO_EARLY,
                Finding.Severity.INFO,
                "Too early: too few epochs for a trend",
                (curves.length() == 0
                                ? "No epoch has been finished: there is nothing to see."
                                : "In so few epochs a trend cannot be told from chance; it takes at least "
                                        + Thresholds.FEW_EPOCHS + ".")
                        + (ended ? "" : " Ask again when there are more."),
                curves.length() == 0
                        ? List.of()
                        : List.of(
                                curves.lastOf(curves.trainLoss(), "the last"),
                                curves.lastOf(curves.valLoss(), "the last")),
                ended ? Remedies.list(new TrainingRemedies(curves).moreEpochs()) : List.of()));
    }
}
