package io.trainyard.diagnosis;

import java.util.List;
import java.util.Optional;

/** What is left to say when no other rule has found anything. */
final class Healthy implements Rule {

    @Override
    public Optional<Finding> examine(Curves curves) {
        Series validation = curves.valLoss();
        int lowest = validation.lowest();
        int epoch = curves.measured().get(lowest).epoch();
        double climb = Math.max(0, validation.climbFrom(lowest));
        return Optional.of(new Finding(
                Finding.Code.HEALTHY,
                Finding.Severity.INFO,
                "Healthy: nothing is wrong with these curves",
                "The validation loss was lowest after epoch " + epoch + " and ends "
                        + (climb < 0.001 ? "there" : Words.percent(climb) + " above that")
                        + "; it does not jump, and it is " + Words.number(curves.gap())
                        + " times the training loss. What is learned holds for rows that training never sees.",
                List.of(
                        curves.evidence(validation, lowest, "the lowest"),
                        curves.lastOf(validation, "the last"),
                        curves.lastOf(curves.trainLoss(), "the last")),
                List.of()));
    }
}
