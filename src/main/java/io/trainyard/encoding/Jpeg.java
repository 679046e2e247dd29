package io.trainyard.encoding;

/** The markers of a JPEG file (ITU-T T.81, annex B). */
final class Jpeg {

    private static final int MARKER = 0xff;
    private static final int START_OF_IMAGE = 0xd8;
    private static final int START_OF_SCAN = 0xda;

    private Jpeg() {}

    /**
     * How many scans a file has at most; 0 for what is no JPEG. Each goes over the whole picture, and takes few bytes: a small
     * file could be days of work.
     */
    static int scans(byte[] file) {
        if (file.length < 2 || (file[0] & 0xff) != MARKER || (file[1] & 0xff) != START_OF_IMAGE) {
            return 0;
        }
        int scans = 0;
        for (int i = 2; i < file.length; i++) {
            if ((file[i] & 0xff) == START_OF_SCAN && (file[i - 1] & 0xff) == MARKER) {
                scans++;
            }
        }
        return scans;
    }
}
