package io.trainyard.engine;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * Gradient descent with momentum (Polyak, 1964), as Keras' SGD: {@code v ← momentum · v + rate · g; w ← w − v}. ND4J has
 * only Nesterov's form.
 */
record Momentum(ISchedule learningRate, double momentum) implements IUpdater {

    @Override
    public long stateSize(long parameters) {
        return parameters;
    }

    @Override
    public GradientUpdater<Momentum> instantiate(INDArray state, boolean initialise) {
        Updater updater = new Updater(this);
        updater.setStateViewArray(state, state.shape(), state.ordering(), initialise);
        return updater;
    }

    @Override
    public GradientUpdater<Momentum> instantiate(Map<String, INDArray> state, boolean initialise) {
        Updater updater = new Updater(this);
        updater.setState(state, initialise);
        return updater;
    }

    @Override
    public double getLearningRate(int iteration, int epoch) {
        return learningRate.valueAt(iteration, epoch);
    }

    @Override
    public boolean hasLearningRate() {
        return true;
    }

    @Override
    public void setLrAndSchedule(double rate, ISchedule schedule) {
        throw new UnsupportedOperationException("the schedule is fixed");
    }

    @Override
    public IUpdater clone() {
        return this;
    }

    /** Holds the velocity, a view of the network's flat updater state. */
    private static final class Updater implements GradientUpdater<Momentum> {

        private static final String VELOCITY = "V";

        private final Momentum config;
        private INDArray velocity;

        @SuppressWarnings("NullAway.Init") // set by setStateViewArray or setState, before any use
        Updater(Momentum config) {
            this.config = config;
        }

        @Override
        public Momentum getConfig() {
            return config;
        }

        @Override
        public void setState(Map<String, INDArray> state, boolean initialise) {
            INDArray given = state.get(VELOCITY);
            if (given == null || state.size() != 1) {
                throw new IllegalStateException("the state of momentum is one array, '" + VELOCITY + "'");
            }
            velocity = given;
        }

        @Override
        public Map<String, INDArray> getState() {
            return Map.of(VELOCITY, velocity);
        }

        @Override
        public void setStateViewArray(INDArray view, long[] shape, char order, boolean initialise) {
            if (initialise) {
                view.assign(0);
            }
            velocity = view.reshape(order, shape);
        }

        @Override
        public void applyUpdater(INDArray gradient, int iteration, int epoch) {
            gradient.muli(config.getLearningRate(iteration, epoch));
            velocity.muli(config.momentum()).addi(gradient);
            gradient.assign(velocity);
        }
    }
}
