package io.trainyard.dataset;

import io.trainyard.encoding.Encoding;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * An immutable version of a dataset.
 *
 * @param sha256 of its content: the encoding, the classes and the bytes of all splits
 * @param encoding fitted on the training split
 * @param classes the labels' names; a label is an index into them
 */
public record DatasetVersion(
        UUID id,
        String name,
        int version,
        String sha256,
        Encoding encoding,
        List<String> classes,
        Map<Split, SplitContent> splits,
        Instant createdAt) {

    /** What a split holds. */
    public SplitContent split(Split split) {
        SplitContent content = splits.get(split);
        if (content == null) {
            throw new IllegalStateException(name + " version " + version + " has no split " + split);
        }
        return content;
    }
}
