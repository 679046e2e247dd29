package io.trainyard.dataset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.ZipException;

/** What stands at the end of a zip, and is missing where one was cut off. */
final class ZipEnd {

    private static final int FIRST_ENTRY = 0x04034b50;
    private static final int END = 0x06054b50;
    private static final int END_64 = 0x06064b50;
    private static final int LOCATOR_64 = 0x07064b50;
    private static final int LENGTH = 22;
    private static final int LOCATOR_LENGTH = 20;
    private static final int LENGTH_64 = 56;
    private static final int MOST_COMMENT = 0xffff;
    private static final int ENTRIES = 10;
    private static final int SIZE = 12;
    private static final int PLACE = 16;
    private static final int COMMENT = 20;
    private static final int PLACE_OF_END_64 = 8;
    private static final int ENTRIES_64 = 32;
    private static final int SIZE_64 = 40;
    private static final int PLACE_64 = 48;

    private ZipEnd() {}

    /**
     * How many entries the zip says that it has.
     *
     * @throws ZipException when the file is not a zip, or not a whole one
     */
    static long entries(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            int length = (int) Math.min(size, LENGTH + MOST_COMMENT);
            ByteBuffer tail = read(channel, size - length, length);
            for (int at = length - LENGTH; at >= 0; at--) {
                if (tail.getInt(at) == END
                        && Short.toUnsignedInt(tail.getShort(at + COMMENT)) == length - at - LENGTH) {
                    long end = size - length + at;
                    int entries = Short.toUnsignedInt(tail.getShort(at + ENTRIES));
                    if (isZip64(channel, end)) {
                        return entries64(channel, end);
                    }
                    checkDirectory(
                            Integer.toUnsignedLong(tail.getInt(at + SIZE)),
                            Integer.toUnsignedLong(tail.getInt(at + PLACE)),
                            end);
                    return entries;
                }
            }
            throw new ZipException(
                    length >= Integer.BYTES && read(channel, 0, Integer.BYTES).getInt(0) == FIRST_ENTRY
                            ? "it is a zip that was cut off: its end is missing"
                            : "it is not a zip");
        }
    }

    private static boolean isZip64(FileChannel channel, long end) throws IOException {
        return end >= LOCATOR_LENGTH
                && read(channel, end - LOCATOR_LENGTH, LOCATOR_LENGTH).getInt(0) == LOCATOR_64;
    }

    private static long entries64(FileChannel channel, long end) throws IOException {
        long place = read(channel, end - LOCATOR_LENGTH, LOCATOR_LENGTH).getLong(PLACE_OF_END_64);
        if (place < 0 || place > end - LOCATOR_LENGTH - LENGTH_64) {
            throw elsewhere();
        }
        ByteBuffer end64 = read(channel, place, LENGTH_64);
        if (end64.getInt(0) != END_64) {
            throw elsewhere();
        }
        checkDirectory(end64.getLong(SIZE_64), end64.getLong(PLACE_64), place);
        return end64.getLong(ENTRIES_64);
    }

    /** Before a directory that is not right before the end another zip may stand, or what is none. */
    private static void checkDirectory(long size, long place, long end) throws ZipException {
        if (size < 0 || place < 0 || place != end - size) {
            throw elsewhere();
        }
    }

    private static ZipException elsewhere() {
        return new ZipException("it is a damaged zip, or has something before it: its directory is not where it says");
    }

    private static ByteBuffer read(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        int count = 0;
        while (bytes.hasRemaining() && count >= 0) {
            count = channel.read(bytes, position + bytes.position());
        }
        return bytes.flip();
    }
}
