package io.trainyard.training;

import io.trainyard.problem.InvalidFieldException;
import java.util.Locale;

/** What a job does. */
public enum JobKind {
    /** Trains a network, which becomes a version of a model. */
    TRAINING(JobSpec.class),
    /** Predicts every row of a split with a version; the result is a file. */
    BATCH_PREDICTION(BatchPredictionSpec.class);

    private final Class<? extends AcceptedSpec> spec;

    JobKind(Class<? extends AcceptedSpec> spec) {
        this.spec = spec;
    }

    /** The form of its jobs' specs. */
    Class<? extends AcceptedSpec> spec() {
        return spec;
    }

    /**
     * @throws InvalidFieldException when there is no such kind
     */
    static JobKind parse(String text) {
        for (JobKind kind : values()) {
            if (kind.toString().equals(text)) {
                return kind;
            }
        }
        throw new InvalidFieldException("kind", "must be 'training' or 'batch_prediction', was '" + text + "'");
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
