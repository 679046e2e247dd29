package io.trainyard.dataset;

import io.trainyard.encoding.Encoding;
import io.trainyard.encoding.Target;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * An immutable version of a dataset.
 *
 * @param sha256 of its content: the encoding, the target and the bytes of all splits
 * @param encoding fitted on the training split
 * @param target what its labels say
 */
public record DatasetVersion(
        UUID id,
        String name,
        int version,
        String sha256,
        Encoding encoding,
        Target target,
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
