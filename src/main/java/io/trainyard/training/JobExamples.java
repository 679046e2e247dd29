package io.trainyard.training;

import io.trainyard.dataset.Rows;
import io.trainyard.engine.Examples;

/** A dataset's split, as the engine reads it. */
record JobExamples(Rows rows) implements Examples {

    @Override
    public int count() {
        return rows.count();
    }

    @Override
    public float target(int row) {
        return rows.target(row);
    }

    @Override
    public void copyFeatures(int row, float[] target, int offset) {
        rows.copyEncoded(row, target, offset);
    }
}
