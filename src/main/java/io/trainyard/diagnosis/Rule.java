package io.trainyard.diagnosis;

import java.util.Optional;

/** One thing to look for in a job's curves. */
sealed interface Rule
        permits Diverged, NotLearning, Slow, Noisy, Overfitting, Underfitting, UnderTrained, TooEarly, Healthy {

    /**
     * What it finds.
     *
     * @param curves of at least one epoch
     */
    Optional<Finding> examine(Curves curves);
}
