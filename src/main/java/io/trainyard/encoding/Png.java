package io.trainyard.encoding;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** The chunks of a PNG file (ISO/IEC 15948, section 5). */
final class Png {

    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final Set<String> OF_PIXELS = Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");
    /** Length and type before the data, checksum behind them. */
    private static final int FRAME = 12;

    private Png() {}

    /**
     * Leaves out what says nothing of pixels: the class library inflates compressed texts without a bound. What is no PNG is
     * returned as it is; what is cut off, up to its last whole chunk.
     */
    static byte[] withoutTexts(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file);
        if (file.length < SIGNATURE.length
                || ByteBuffer.wrap(file, 0, SIGNATURE.length).compareTo(ByteBuffer.wrap(SIGNATURE)) != 0) {
            return file;
        }
        ByteArrayOutputStream kept = new ByteArrayOutputStream(file.length);
        kept.write(file, 0, SIGNATURE.length);
        int at = SIGNATURE.length;
        while (file.length - at >= FRAME) {
            int length = in.getInt(at);
            if (length < 0 || length > file.length - at - FRAME) {
                break;
            }
            String type = new String(file, at + Integer.BYTES, Integer.BYTES, StandardCharsets.ISO_8859_1);
            if (OF_PIXELS.contains(type)) {
                kept.write(file, at, length + FRAME);
            }
            at += length + FRAME;
        }
        return kept.toByteArray();
    }
}
