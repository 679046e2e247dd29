package io.trainyard.dataset;

import io.trainyard.encoding.Picture;
import io.trainyard.problem.InvalidFieldException;
import io.trainyard.problem.ProblemException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Decodes the pictures of an archive on all processors, and gives them in the order in which they came. A few at a time are in
 * memory, and of large files one.
 */
final class PictureDecoding implements Closeable {

    private static final int LARGE_FILE = 1 << 20;
    private static final int FOR_EACH_THREAD = 4;
    private static final int MOST_DECODED = 32 << 20;

    private final ZipEntries archive;
    private final ImageFolderSpec spec;
    private final long maxPixels;
    private final ExecutorService threads;
    private final int most;
    private final Deque<Waiting> waiting = new ArrayDeque<>();

    PictureDecoding(ZipEntries archive, ImageFolderSpec spec, long maxPixels) {
        this.archive = archive;
        this.spec = spec;
        this.maxPixels = maxPixels;
        int processors = Runtime.getRuntime().availableProcessors();
        this.threads = Executors.newFixedThreadPool(processors);
        this.most = Math.max(1, Math.min(FOR_EACH_THREAD * processors, MOST_DECODED / spec.rowValues()));
    }

    /** Takes the samples of a picture. */
    interface Taker {
        void decoded(byte[] samples) throws IOException;
    }

    private record Waiting(String entry, Future<byte[]> samples, Taker taker) {}

    /**
     * Decodes a file; {@code taker} is called on this thread, now or at a later call.
     *
     * @throws ProblemException INVALID_DATASET when this entry, or one before it, is no picture
     */
    void add(String entry, byte[] file, Taker taker) throws IOException {
        boolean large = file.length > LARGE_FILE;
        while (waiting.size() >= (large ? 1 : most)) {
            take();
        }
        Future<byte[]> samples =
                threads.submit(() -> Picture.samples(file, spec.height(), spec.width(), spec.channels(), maxPixels));
        waiting.add(new Waiting(entry, samples, taker));
        if (large) {
            finish();
        }
    }

    /** Waits for all. */
    void finish() throws IOException {
        while (!waiting.isEmpty()) {
            take();
        }
    }

    private void take() throws IOException {
        Waiting next = waiting.remove();
        try {
            next.taker.decoded(next.samples.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InvalidFieldException noPicture) {
                throw archive.invalid(next.entry, noPicture.detail());
            }
            throw new IllegalStateException("a picture could not be decoded", e);
        }
    }

    /** Gives up what is not finished. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
