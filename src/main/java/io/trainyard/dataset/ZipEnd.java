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
    private static final int COMMENT = 20;
    private static final int PLACE_OF_END_64 = 8;
    private static final int ENTRIES_64 = 32;
    private static final int IN_END_64 = 0xffff;

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
                    int entries = Short.toUnsignedInt(tail.getShort(at + ENTRIES));
                    return entries == IN_END_64 ? entries64(channel, size - length + at) : entries;
                }
            }
            throw new ZipException(
                    length >= Integer.BYTES && read(channel, 0, Integer.BYTES).getInt(0) == FIRST_ENTRY
                            ? "it is a zip that was cut off: its end is missing"
                            : "it is not a zip");
        }
    }

    private static long entries64(FileChannel channel, long end) throws IOException {
        if (end >= LOCATOR_LENGTH) {
            ByteBuffer locator = read(channel, end - LOCATOR_LENGTH, LOCATOR_LENGTH);
            if (locator.getInt(0) == LOCATOR_64) {
                long place = locator.getLong(PLACE_OF_END_64);
                if (place >= 0 && place <= end - LOCATOR_LENGTH - LENGTH_64) {
                    ByteBuffer end64 = read(channel, place, LENGTH_64);
                    if (end64.getInt(0) == END_64) {
                        return end64.getLong(ENTRIES_64);
                    }
                }
                throw new ZipException("it is a damaged zip: its end is not where it says");
            }
        }
        return IN_END_64;
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
