package io.trainyard.training;

import io.trainyard.dataset.Rows;
import io.trainyard.encoding.Target;
import java.util.List;

/** What a dataset says of its rows, beside what a version is asked. */
final class TrueLabels {

    private final Rows rows;
    private final Target target;
    private final boolean comparable;
    /** Of each class of the dataset, its index among those of the version. */
    private final List<Integer> indices;

    /**
     * @param target what the dataset's labels mean
     * @param asked what the version's answers mean
     */
    TrueLabels(Rows rows, Target target, Target asked) {
        this.rows = rows;
        this.target = target;
        this.indices = target.classes().stream().map(asked.classes()::indexOf).toList();
        this.comparable = target instanceof Target.Classes ? !indices.contains(-1) : target.equals(asked);
    }

    /** Whether an answer can be right: the version tells every class of the dataset, or the same quantity. */
    boolean isComparable() {
        return comparable;
    }

    /** The class of a row, or its number. */
    Object of(int row) {
        return target.label(rows.target(row));
    }

    /** The version's index of a row's class, or the row's number. */
    float target(int row) {
        float label = rows.target(row);
        return indices.isEmpty() ? label : indices.get((int) label);
    }
}
