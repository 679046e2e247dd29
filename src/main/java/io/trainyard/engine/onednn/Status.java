package io.trainyard.engine.onednn;

import java.util.regex.Pattern;

/** What oneDNN says of a failure: its binding has one exception for all, whose message ends with the status. */
enum Status {
    OUT_OF_MEMORY(1),
    UNIMPLEMENTED(3);

    private final Pattern pattern;

    Status(int number) {
        pattern = Pattern.compile("status = " + number + "\\b");
    }

    /** Tells of exhausted memory as Java does. */
    static void throwIfExhausted(RuntimeException failure) {
        if (OUT_OF_MEMORY.isOf(failure)) {
            throw new OutOfMemoryError(failure.getMessage());
        }
    }

    boolean isOf(RuntimeException failure) {
        return pattern.matcher(String.valueOf(failure.getMessage())).find();
    }
}
