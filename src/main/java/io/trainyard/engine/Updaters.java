package io.trainyard.engine;

import io.trainyard.network.OptimizerSpec;
import io.trainyard.network.TrainingSpec;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ISchedule;

/** Translates an optimizer and its schedule. */
final class Updaters {

    private Updaters() {}

    static IUpdater of(TrainingSpec training) {
        ISchedule schedule = new EpochSchedule(training);
        OptimizerSpec optimizer = training.optimizer();
        if (optimizer instanceof OptimizerSpec.Sgd sgd) {
            if (sgd.momentum() == 0) {
                return Sgd.builder().learningRateSchedule(schedule).build();
            }
            return sgd.nesterov()
                    ? Nesterovs.builder()
                            .learningRateSchedule(schedule)
                            .momentum(sgd.momentum())
                            .build()
                    : new Momentum(schedule, sgd.momentum());
        }
        if (optimizer instanceof OptimizerSpec.RmsProp rmsProp) {
            return RmsProp.builder()
                    .learningRateSchedule(schedule)
                    .rmsDecay(rmsProp.rho())
                    .epsilon(rmsProp.epsilon())
                    .build();
        }
        if (optimizer instanceof OptimizerSpec.Adam adam) {
            return adam(schedule, adam.beta1(), adam.beta2(), adam.epsilon());
        }
        if (optimizer instanceof OptimizerSpec.AdamW adamW) {
            // Its weight decay is a regularisation of the network: see NetworkBuilder.
            return adam(schedule, adamW.beta1(), adamW.beta2(), adamW.epsilon());
        }
        throw new IllegalStateException("no translation for " + optimizer);
    }

    private static Adam adam(ISchedule schedule, double beta1, double beta2, double epsilon) {
        return Adam.builder()
                .learningRateSchedule(schedule)
                .beta1(beta1)
                .beta2(beta2)
                .epsilon(epsilon)
                .build();
    }

    /** The spec's learning rate of each epoch. */
    private record EpochSchedule(TrainingSpec training) implements ISchedule {

        @Override
        public double valueAt(int iteration, int epoch) {
            return training.learningRate(epoch);
        }

        @Override
        public ISchedule clone() {
            return this;
        }
    }
}
