package io.trainyard.dataset;

import io.trainyard.problem.ProblemException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a zip, as they stand in the file one after another. The directory at its end is not read, so it costs
 * nothing however long it is; nothing is unpacked to where a name says. What entries unpack to is counted as it comes, and
 * bounded.
 */
final class ZipEntries {

    private static final int BUFFER = 1 << 16;
    private static final int MOST_SHOWN = 200;
    private static final String UNREADABLE =
            "is encrypted, or packed in a way that cannot be read as a stream; pack it anew,"
                    + " without a password, with the method 'deflate'";

    private final UploadedFile file;
    private final DatasetLimits limits;

    ZipEntries(UploadedFile file, DatasetLimits limits) {
        this.file = file;
        this.limits = limits;
    }

    /** Takes an entry. */
    @FunctionalInterface
    interface Visitor {
        /**
         * @param content what it unpacks to; need not be read
         */
        void entry(String name, InputStream content) throws IOException;
    }

    /** Says that the archive cannot become a dataset version because of an entry. */
    ProblemException invalid(String entry, String detail) {
        String shown = entry.replaceAll("\\p{IsControl}", "?");
        return file.invalid("entry '" + (shown.length() > MOST_SHOWN ? shown.substring(0, MOST_SHOWN) + "…" : shown)
                + "' " + detail);
    }

    /**
     * Visits all entries, in order.
     *
     * @throws ProblemException INVALID_DATASET for a zip that is damaged, too large, or of a kind that is not read
     */
    void read(Visitor visitor) throws IOException {
        long expected = count();
        if (expected == 0) {
            throw file.invalid("it is a zip without entries");
        }
        if (expected > limits.entries()) {
            throw file.invalid("it has " + expected + " entries; at most " + limits.entries() + " are taken");
        }
        try (NamedEntries in = new NamedEntries(file.path())) {
            long unpacked = 0;
            int count = 0;
            for (ZipEntry entry = next(in, count); entry != null; entry = next(in, count)) {
                count++;
                if (count > expected) {
                    throw invalid(entry.getName(), "is more than its directory lists; pack it anew");
                }
                if (entry.getMethod() != ZipEntry.DEFLATED && entry.getMethod() != ZipEntry.STORED) {
                    throw invalid(entry.getName(), UNREADABLE);
                }
                Content content = new Content(in, entry.getName(), unpacked);
                visitor.entry(entry.getName(), content);
                content.transferTo(OutputStream.nullOutputStream());
                long most = limits.unpackedEntry(entry.getCompressedSize());
                if (content.bytes > most) {
                    throw invalid(
                            entry.getName(),
                            "unpacks to " + content.bytes + " bytes; of its " + entry.getCompressedSize()
                                    + " packed ones at most " + most + " may come");
                }
                unpacked += content.bytes;
            }
            if (count < expected) {
                throw file.invalid("its directory lists " + expected + " entries, but only " + count
                        + " stand before it, up to '" + in.name + "'; pack it anew");
            }
        }
    }

    private long count() throws IOException {
        try {
            return ZipEnd.entries(file.path());
        } catch (ZipException noZip) {
            throw file.invalid(noZip.getMessage() + "; a whole zip is needed");
        }
    }

    private @Nullable ZipEntry next(NamedEntries in, int count) throws IOException {
        String before = in.name;
        in.name = "";
        try {
            ZipEntry entry = in.getNextEntry();
            if (entry == null) {
                in.name = before;
            }
            return entry;
        } catch (EOFException | ZipException | IllegalArgumentException refused) {
            if (in.name.isEmpty()) {
                throw file.invalid("entry " + (count + 1) + (count == 0 ? "" : ", behind '" + before + "',")
                        + " is damaged, or its name is not UTF-8");
            }
            throw invalid(in.name, UNREADABLE);
        }
    }

    /** Knows an entry's name also where it cannot be read any further. */
    private static final class NamedEntries extends ZipInputStream {

        private String name = "";

        NamedEntries(Path file) throws IOException {
            super(new BufferedInputStream(Files.newInputStream(file), BUFFER), StandardCharsets.UTF_8);
        }

        @Override
        protected ZipEntry createZipEntry(String name) {
            this.name = name;
            return super.createZipEntry(name);
        }
    }

    /** What an entry unpacks to, counted. */
    private final class Content extends InputStream {

        private final InputStream in;
        private final String name;
        private final long before;
        private long bytes;

        /**
         * @param before bytes of the entries before it
         */
        Content(InputStream in, String name, long before) {
            this.in = in;
            this.name = name;
            this.before = before;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count;
            try {
                count = in.read(target, offset, length);
            } catch (EOFException cutOff) {
                throw invalid(name, "is cut off");
            } catch (ZipException damaged) {
                throw invalid(name, "is damaged, or packed in a way that cannot be read as a stream");
            }
            bytes += Math.max(0, count);
            if (bytes > limits.entrySize().toBytes()) {
                throw invalid(name, "unpacks to more than " + limits.entrySize().toBytes() + " bytes");
            }
            if (before + bytes > limits.unpacked(file.bytes())) {
                throw invalid(
                        name,
                        "makes the zip unpack to more than " + limits.unpacked(file.bytes())
                                + " bytes, the most that may come of its " + file.bytes());
            }
            return count;
        }
    }
}
