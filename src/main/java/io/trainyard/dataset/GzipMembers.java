package io.trainyard.dataset;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Reads the members of a gzip file (RFC 1952) as one stream. Unlike the class library's reader it refuses what follows the
 * last member, and unlike that of Commons Compress it keeps no text of a header, however long.
 */
final class GzipMembers extends InputStream {

    static final int MAGIC = 0x1f8b;

    private static final int BUFFER = 1 << 16;
    private static final int DEFLATE = 8;
    private static final int HEADER_CHECKSUM = 1 << 1;
    private static final int EXTRA = 1 << 2;
    private static final int NAME = 1 << 3;
    private static final int COMMENT = 1 << 4;
    private static final int RESERVED = 0xe0;
    private static final int TIME_LEVEL_SYSTEM = 6;
    private static final long HALF = 0xffff;
    private static final long WORD = 0xffff_ffffL;

    private final InputStream in;
    private final Inflater inflater = new Inflater(true);
    private final byte[] buffer = new byte[BUFFER];
    private final CRC32 checksum = new CRC32();
    private int start;
    private int end;
    private boolean within;
    private boolean ended;

    GzipMembers(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /**
     * @throws ZipException when the file is not gzip, or damaged
     * @throws EOFException when it is cut off
     */
    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        try {
            while (!ended && length > 0) {
                if (!within) {
                    begin();
                    continue;
                }
                int count = inflater.inflate(target, offset, length);
                if (count > 0) {
                    checksum.update(target, offset, count);
                    return count;
                }
                if (inflater.finished()) {
                    finish();
                } else if (inflater.needsDictionary()) {
                    throw new ZipException("needs a dictionary");
                } else {
                    feed();
                }
            }
            return length == 0 ? 0 : -1;
        } catch (DataFormatException damaged) {
            throw (ZipException) new ZipException("is damaged").initCause(damaged);
        }
    }

    private void feed() throws IOException {
        if (!fill()) {
            throw new EOFException();
        }
        inflater.setInput(buffer, start, end - start);
        start = end;
    }

    /** Reads on; false at the end of the file. */
    private boolean fill() throws IOException {
        if (start == end) {
            start = 0;
            end = Math.max(0, in.read(buffer, 0, buffer.length));
        }
        return end > start;
    }

    private void begin() throws IOException {
        checksum.reset();
        if (next() != MAGIC >> 8 || next() != (MAGIC & 0xff) || next() != DEFLATE) {
            throw new ZipException("has something else where a member must begin");
        }
        int flags = next();
        if ((flags & RESERVED) != 0) {
            throw new ZipException("has unknown flags");
        }
        pass(TIME_LEVEL_SYSTEM);
        if ((flags & EXTRA) != 0) {
            pass(number(Short.BYTES));
        }
        if ((flags & NAME) != 0) {
            passText();
        }
        if ((flags & COMMENT) != 0) {
            passText();
        }
        long expected = checksum.getValue() & HALF;
        if ((flags & HEADER_CHECKSUM) != 0 && number(Short.BYTES) != expected) {
            throw new ZipException("has a header whose checksum is wrong");
        }
        inflater.reset();
        checksum.reset();
        within = true;
    }

    private void finish() throws IOException {
        start = end - inflater.getRemaining();
        long actual = checksum.getValue();
        if (number(Integer.BYTES) != actual || number(Integer.BYTES) != (inflater.getBytesWritten() & WORD)) {
            throw new ZipException("holds other bytes than its checksum says");
        }
        within = false;
        ended = !fill();
    }

    /** A byte that is not the inflater's. */
    private int next() throws IOException {
        if (!fill()) {
            throw new EOFException();
        }
        int value = buffer[start++] & 0xff;
        checksum.update(value);
        return value;
    }

    /** A little-endian number. */
    private long number(int bytes) throws IOException {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (long) next() << (Byte.SIZE * i);
        }
        return value;
    }

    private void pass(long bytes) throws IOException {
        for (long i = 0; i < bytes; i++) {
            next();
        }
    }

    private void passText() throws IOException {
        int last = next();
        while (last != 0) {
            last = next();
        }
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}
