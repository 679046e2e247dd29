package io.trainyard.network;

import java.util.Map;

/** The learning rate while a network is trained: the schedule's, less what plateaus have taken off. */
public final class LearningRate {

    private final TrainingSpec training;
    private double reduced;
    private double best = Double.NaN;
    private int wait;
    private int cooldown;

    public LearningRate(TrainingSpec training) {
        this.training = training;
        this.reduced = training.optimizer().learningRate();
    }

    /**
     * The learning rate of a step.
     *
     * @param position in epochs from the start: 1.5 is the middle of the second epoch
     */
    public double at(double position) {
        return training.learningRateSchedule().at(reduced, position, training.epochs());
    }

    /** Takes the figures of a finished epoch in, by their names in the curves. */
    public void epochEnded(Map<String, Double> figures) {
        if (!(training.learningRateSchedule() instanceof LearningRateSchedule.ReduceOnPlateau plateau)) {
            return;
        }
        double value = figures.getOrDefault(plateau.monitor().name(), Double.NaN);
        if (cooldown > 0) {
            cooldown--;
            wait = 0;
        }
        if (Double.isNaN(best) || plateau.monitor().improves(plateau.mode(), value, best, plateau.minDelta())) {
            best = value;
            wait = 0;
        } else if (cooldown == 0 && ++wait >= plateau.patience()) {
            reduced = Math.max(reduced * plateau.factor(), Math.min(reduced, plateau.minLr()));
            cooldown = plateau.cooldown();
            wait = 0;
        }
    }
}
