package io.trainyard.dataset;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The four files of a dataset in MNIST's form. */
enum MirrorFile {
    TRAIN_IMAGES("train-images-idx3-ubyte", 60_000L * 28 * 28),
    TRAIN_LABELS("train-labels-idx1-ubyte", 60_000L),
    TEST_IMAGES("t10k-images-idx3-ubyte", 10_000L * 28 * 28),
    TEST_LABELS("t10k-labels-idx1-ubyte", 10_000L);

    /** Four times the official size, so that extended sets of the same form are read too. */
    private static final int ROOM = 4;

    private final String plainName;
    private final long officialBytes;

    MirrorFile(String plainName, long officialBytes) {
        this.plainName = plainName;
        this.officialBytes = officialBytes;
    }

    String plainName() {
        return plainName;
    }

    String fileName() {
        return plainName + ".gz";
    }

    /** The most bytes it may unpack to. */
    long maxBytes() {
        return ROOM * officialBytes + 16;
    }

    static String names() {
        return Arrays.stream(values()).map(MirrorFile::fileName).collect(Collectors.joining(", "));
    }
}
