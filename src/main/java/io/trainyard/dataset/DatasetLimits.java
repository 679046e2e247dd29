package io.trainyard.dataset;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings {@code trainyard.datasets.limits.*}: what an upload may hold. Checked before memory is taken.
 *
 * @param rows of a version
 * @param columns of a table
 * @param classes that labels can tell apart
 * @param categories of a column of texts
 * @param rowValues numbers in a row, as the network sees it
 * @param pixels of a picture, as it is sent
 * @param entries of an archive
 * @param expansion how many times as large as the file what it unpacks to may be
 * @param entrySize of a file in an archive, unpacked
 * @param storedSize of the rows that are made of an archive
 */
@ConfigurationProperties("trainyard.datasets.limits")
record DatasetLimits(
        @DefaultValue("100000000") int rows,
        @DefaultValue("10000") int columns,
        @DefaultValue("1000") int classes,
        @DefaultValue("1000") int categories,
        @DefaultValue("10000000") int rowValues,
        @DefaultValue("16000000") long pixels,
        @DefaultValue("2000000") int entries,
        @DefaultValue("200") int expansion,
        @DefaultValue("64MB") DataSize entrySize,
        @DefaultValue("200GB") DataSize storedSize) {

    /** More could not be looked through for duplicates. */
    static final int MOST_ROWS = 100_000_000;

    /** Of archives and packed files that are small: they may unpack to so many bytes whatever their size. */
    static final long ALWAYS = 64L << 20;

    /** The same of a file in an archive. */
    private static final long ALWAYS_OF_ENTRY = 1L << 20;

    DatasetLimits {
        if (rows < 1 || rows > MOST_ROWS) {
            throw new IllegalArgumentException(
                    "trainyard.datasets.limits.rows must be from 1 to " + MOST_ROWS + ", was " + rows);
        }
    }

    /** The most bytes that a packed file may unpack to. */
    long unpacked(long packedBytes) {
        return Math.max(ALWAYS, packedBytes * expansion);
    }

    /** The most bytes that a packed file in an archive may unpack to. */
    long unpackedEntry(long packedBytes) {
        return Math.max(ALWAYS_OF_ENTRY, packedBytes * expansion);
    }
}
