package io.trainyard.dataset;

import io.trainyard.encoding.Encoding;
import io.trainyard.encoding.Target;
import java.util.Map;
import java.util.Objects;

/** What is in a dataset version, in the form that its row in the database keeps as JSON and its SHA-256 covers. */
record DatasetContent(Encoding encoding, Target target, Map<Split, SplitContent> splits) {

    SplitContent split(Split split) {
        return Objects.requireNonNull(splits.get(split));
    }
}
