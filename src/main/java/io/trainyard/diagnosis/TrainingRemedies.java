package io.trainyard.diagnosis;

import io.trainyard.network.LearningRateSchedule;
import io.trainyard.network.OptimizerSpec;
import io.trainyard.network.TrainingSpec;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Changes of a job's training settings; each is empty where it makes no sense for the job. */
final class TrainingRemedies {

    private static final String RATE = "/training/optimizer/learning_rate";
    private static final String SCHEDULE = "/training/learning_rate_schedule";

    private static final int SIGNIFICANT_DIGITS = 2;

    /** What is left of a rate at the end of its decay: 1%, which is 0.6 an epoch over ten. */
    private static final double LEFT_AT_THE_END = 0.01;

    /** Keras' default rate of plain gradient descent, and of the others. */
    private static final double USUAL_SGD_RATE = 0.01;

    private static final double USUAL_RATE = 0.001;

    /** Above these, relu units die: rates at which plain gradient descent, and the others, are rarely used. */
    private static final double HIGH_SGD_RATE = 0.1;

    private static final double HIGH_RATE = 0.003;

    /** Gradients are rarely longer than this where a training is well. */
    private static final double GLOBAL_CLIPNORM = 1;

    private static final int PATIENCE = 3;
    private static final int FEWEST_EPOCHS = 10;
    private static final int MOST_EPOCHS = 100_000;
    private static final double HIGHEST_RATE = 1;

    private final TrainingSpec training;
    private final boolean pictures;

    TrainingRemedies(Curves curves) {
        this.training = curves.spec().training();
        this.pictures = curves.graph().inputShape().isImage();
    }

    Optional<Suggestion> lowerRate(double factor) {
        double rate = rounded(rate() * factor);
        return Optional.of(new Suggestion(
                "lower_learning_rate",
                "Lower the learning rate to " + Words.number(rate),
                "The learning rate is the size of a step. Smaller steps can settle where larger ones overshoot.",
                List.of(Change.replace(RATE, rate))));
    }

    Optional<Suggestion> raiseRate() {
        double rate = rounded(rate() * 10);
        if (rate > HIGHEST_RATE) {
            return Optional.empty();
        }
        return Optional.of(new Suggestion(
                "raise_learning_rate",
                "Raise the learning rate to " + Words.number(rate),
                "The learning rate is the size of a step. Ten times as large, the same epochs lead ten times as far, as long"
                        + " as the loss does not jump.",
                List.of(Change.replace(RATE, rate))));
    }

    /** Where the rate is below what is usual for the optimizer. */
    Optional<Suggestion> raiseLowRate() {
        return rate() < (isSgd() ? USUAL_SGD_RATE : USUAL_RATE) ? raiseRate() : Optional.empty();
    }

    boolean isRateHigh() {
        return rate() > (isSgd() ? HIGH_SGD_RATE : HIGH_RATE);
    }

    private boolean isSgd() {
        return training.optimizer() instanceof OptimizerSpec.Sgd;
    }

    Optional<Suggestion> useAdam() {
        if (!isSgd()) {
            return Optional.empty();
        }
        return Optional.of(new Suggestion(
                "use_adam",
                "Train with Adam",
                "Adam divides each weight's step by the size of its gradients so far, so that weights with small gradients"
                        + " move too.",
                List.of(Change.replace("/training/optimizer", typed("adam").put("learning_rate", USUAL_RATE)))));
    }

    Optional<Suggestion> clipGradients() {
        OptimizerSpec optimizer = training.optimizer();
        if (optimizer.clipnorm() != null || optimizer.globalClipnorm() != null || optimizer.clipvalue() != null) {
            return Optional.empty();
        }
        return Optional.of(new Suggestion(
                "clip_gradients",
                "Clip the gradients",
                "A gradient longer than 1 is scaled down to that length, so that one steep place cannot throw the weights far"
                        + " away.",
                List.of(Change.add(
                        "/training/optimizer/global_clipnorm", JsonNodeFactory.instance.numberNode(GLOBAL_CLIPNORM)))));
    }

    /** Where the rate is constant: a decay to 1% by the last epoch. */
    Optional<Suggestion> decay() {
        if (!(training.learningRateSchedule() instanceof LearningRateSchedule.Constant) || training.epochs() < 2) {
            return Optional.empty();
        }
        double factor = factor(Math.pow(LEFT_AT_THE_END, 1.0 / (training.epochs() - 1)));
        return Optional.of(new Suggestion(
                "decay_learning_rate",
                "Let the learning rate decay by " + Words.number(factor) + " an epoch",
                "Large steps find the region of a minimum quickly, small ones settle in it: the rate falls to a hundredth by"
                        + " the last epoch.",
                List.of(Change.replace(SCHEDULE, typed("exponential").put("decay_rate", factor)))));
    }

    /** Twice as many, at least ten; a schedule that counts epochs is stretched, so that it ends at the same rate. */
    Optional<Suggestion> moreEpochs() {
        int epochs = Math.max(FEWEST_EPOCHS, 2 * training.epochs());
        if (epochs > MOST_EPOCHS) {
            return Optional.empty();
        }
        List<Change> changes = new ArrayList<>();
        changes.add(Change.replace("/training/epochs", epochs));
        double stretch = (double) epochs / training.epochs();
        LearningRateSchedule schedule = training.learningRateSchedule();
        if (schedule instanceof LearningRateSchedule.Exponential exponential) {
            changes.add(
                    Change.replace(SCHEDULE + "/decay_rate", factor(Math.pow(exponential.decayRate(), 1 / stretch))));
        } else if (schedule instanceof LearningRateSchedule.Step step) {
            changes.add(Change.replace(SCHEDULE + "/step_size", (int) Math.round(step.stepSize() * stretch)));
        } else if (schedule instanceof LearningRateSchedule.Cosine cosine && cosine.decayEpochs() != null) {
            changes.add(Change.replace(SCHEDULE + "/decay_epochs", cosine.decayEpochs() * stretch));
        } else if (schedule instanceof LearningRateSchedule.Polynomial polynomial && polynomial.decayEpochs() != null) {
            changes.add(Change.replace(SCHEDULE + "/decay_epochs", polynomial.decayEpochs() * stretch));
        }
        return Optional.of(new Suggestion(
                "more_epochs",
                "Train for " + epochs + " epochs",
                "The curve has not come to its end. Early stopping can end the job where it does.",
                changes));
    }

    Optional<Suggestion> stopEarly() {
        if (training.earlyStopping() != null) {
            return training.earlyStopping().restoreBestWeights()
                    ? Optional.empty()
                    : Optional.of(new Suggestion(
                            "restore_best_weights",
                            "Keep the best epoch's weights",
                            "Early stopping then publishes the weights of the epoch that was best, not of the last.",
                            List.of(Change.replace(
                                    "/training/early_stopping/restore_best_weights",
                                    JsonNodeFactory.instance.booleanNode(true)))));
        }
        ObjectNode stopping = JsonNodeFactory.instance
                .objectNode()
                .put("monitor", Curves.VAL_LOSS)
                .put("patience", PATIENCE)
                .put("restore_best_weights", true);
        return Optional.of(new Suggestion(
                "early_stopping",
                "Stop early",
                "The job ends when the validation loss has not improved for " + PATIENCE
                        + " epochs, and publishes the weights of the best one.",
                List.of(Change.add("/training/early_stopping", stopping))));
    }

    Optional<Suggestion> augment() {
        if (!pictures || training.augmentation() != null) {
            return Optional.empty();
        }
        ObjectNode augmentation = JsonNodeFactory.instance
                .objectNode()
                .put("rotation_range", 10)
                .put("width_shift_range", 0.1)
                .put("height_shift_range", 0.1)
                .put("zoom_range", 0.1);
        return Optional.of(new Suggestion(
                "augment_pictures",
                "Augment the pictures",
                "Each epoch sees every picture a little turned, shifted and scaled, so that there is no picture to learn by"
                        + " heart. It takes more epochs.",
                List.of(Change.add("/training/augmentation", augmentation))));
    }

    private double rate() {
        return training.optimizer().learningRate();
    }

    private static ObjectNode typed(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }

    private static double rounded(double value) {
        return BigDecimal.valueOf(value)
                .round(new MathContext(SIGNIFICANT_DIGITS))
                .doubleValue();
    }

    /** What an epoch takes away is rounded: 0.6 and 0.955, whose powers are as different as they should be. */
    private static double factor(double value) {
        BigDecimal lost = BigDecimal.valueOf(1 - value).round(new MathContext(SIGNIFICANT_DIGITS));
        return BigDecimal.ONE.subtract(lost).doubleValue();
    }
}
