package io.trainyard.diagnosis;

import java.util.List;
import java.util.Optional;

/** The training loss goes on falling, and the validation loss does not follow. */
final class Overfitting implements Rule {

    /** Prechelt's generalisation loss of 5%: below it, stopping earlier gains next to nothing. */
    private static final double CLIMBS = 0.05;

    /** A climb has to stand out of the noise by two standard deviations; the lowest of many values is low by chance. */
    private static final double OUT_OF_NOISE = 2;

    /** A training loss that has fallen by less has stopped too. */
    private static final double FALLS = 0.05;

    /** A validation loss of three times the training loss: the network knows its training rows far better than others. */
    private static final double LARGE_GAP = 3;

    /** A gap that has grown by half since halfway is one that opens. */
    private static final double GROWING = 1.5;

    @Override
    public Optional<Finding> examine(Curves curves) {
        if (curves.length() < Thresholds.FEW_EPOCHS) {
            return Optional.empty();
        }
        Series train = curves.trainLoss();
        Series validation = curves.valLoss();
        int lowest = validation.lowest();
        double climb = validation.climbFrom(lowest);
        double least = Math.max(Math.max(CLIMBS, curves.heldOut().uncertainty()), OUT_OF_NOISE * validation.noise());
        if (climb > least && -train.climbFrom(lowest) > FALLS) {
            return Optional.of(climbing(curves, lowest, climb));
        }
        double halfway = validation.halfway() / train.halfway();
        boolean gapOpens = curves.gap() >= LARGE_GAP
                && curves.gap() >= GROWING * halfway
                && validation.recentFall() < Thresholds.IMPROVES;
        return gapOpens ? Optional.of(gap(curves)) : Optional.empty();
    }

    private static Finding climbing(Curves curves, int lowest, double climb) {
        Series train = curves.trainLoss();
        Series validation = curves.valLoss();
        int epoch = curves.measured().get(lowest).epoch();
        return new Finding(
                Finding.Code.OVERFITTING,
                curves.keepsBestWeights() ? Finding.Severity.HINT : Finding.Severity.PROBLEM,
                "Overfitting: the validation loss climbs while the training loss falls",
                "The validation loss was lowest after epoch " + epoch + " and has climbed by " + Words.percent(climb)
                        + " since, while the training loss went on falling. From there on the network learns its training"
                        + " rows by heart instead of what they have in common."
                        + (curves.keepsBestWeights()
                                ? " Early stopping gives the best epoch's weights; less overfitting would make these better."
                                : ""),
                List.of(
                        curves.evidence(validation, lowest, "the lowest"),
                        curves.lastOf(validation, "the last"),
                        curves.evidence(train, lowest, "when the validation loss was lowest"),
                        curves.lastOf(train, "the last")),
                remedies(curves));
    }

    private static Finding gap(Curves curves) {
        Series train = curves.trainLoss();
        Series validation = curves.valLoss();
        int middle = validation.length() / 2;
        return new Finding(
                Finding.Code.OVERFITTING,
                Finding.Severity.HINT,
                "Overfitting: the gap between training and validation loss opens",
                "The validation loss is " + Words.number(curves.gap())
                        + " times the training loss and no longer improves, while the training loss goes on falling: what"
                        + " is still learned is only about the training rows. It does not climb clearly, so little is lost yet.",
                List.of(
                        curves.evidence(train, middle, "halfway"),
                        curves.evidence(validation, middle, "halfway"),
                        curves.lastOf(train, "the last"),
                        curves.lastOf(validation, "the last")),
                remedies(curves));
    }

    private static List<Suggestion> remedies(Curves curves) {
        TrainingRemedies training = new TrainingRemedies(curves);
        NetworkRemedies network = new NetworkRemedies(curves);
        return Remedies.list(network.dropout(), training.augment(), training.stopEarly(), network.fewerWeights());
    }
}
