package io.trainyard.serving;

import io.trainyard.encoding.Encoding;
import io.trainyard.encoding.Instance;
import io.trainyard.problem.FieldError;
import io.trainyard.problem.InvalidFieldException;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of a request, checked.
 *
 * @param features encoded, in row-major order
 */
record EncodedRows(List<Instance> instances, Encoding encoding, float[] features) {

    /** Errors that one answer names; a request can hold thousands of bad instances. */
    private static final int MAX_ERRORS = 20;
    /** More than a body of numbers can hold; rows of texts are short, and may become long. */
    private static final int MAX_VALUES = 50_000_000;

    /**
     * @throws ProblemException INVALID_INSTANCE
     */
    static EncodedRows of(List<Instance> instances, Encoding encoding) {
        int rawSize = encoding.rawSize();
        int rowSize = encoding.encodedSize();
        if ((long) instances.size() * rowSize > MAX_VALUES) {
            throw new ProblemException(
                    ProblemType.PAYLOAD_TOO_LARGE,
                    "The rows become " + (long) instances.size() * rowSize + " numbers; at most " + MAX_VALUES
                            + " are taken in one request.");
        }
        // Short rows of a large shape must not take its memory; of them only the errors matter.
        boolean whole = instances.stream()
                .allMatch(row -> !(row instanceof Instance.Values given) || given.values().length == rawSize);
        float[] features = new float[whole ? Math.multiplyExact(instances.size(), rowSize) : rowSize];
        List<FieldError> errors = new ArrayList<>();
        for (int i = 0; i < instances.size() && errors.size() < MAX_ERRORS; i++) {
            try {
                int offset = whole ? i * rowSize : 0;
                System.arraycopy(encoding.raw(instances.get(i)), 0, features, offset, rawSize);
                encoding.encode(features, offset);
            } catch (InvalidFieldException invalid) {
                String instance = FieldError.pointer("/instances", i);
                errors.add(new FieldError(
                        invalid.field().isEmpty() ? instance : FieldError.pointer(instance, invalid.field()),
                        invalid.detail()));
            }
        }
        if (!errors.isEmpty()) {
            FieldError first = errors.get(0);
            throw new ProblemException(ProblemType.INVALID_INSTANCE, first.pointer() + ": " + first.detail(), errors);
        }
        return new EncodedRows(instances, encoding, features);
    }

    int size() {
        return instances.size();
    }

    /** The same rows in another encoding, which takes them. */
    EncodedRows in(Encoding other) {
        return encoding.equals(other) ? this : of(instances, other);
    }
}
