package io.trainyard.platform.connector;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * With the client of one connection. Waiting uses it up and bytes that are moved restore it, so that a long transfer may pause, but
 * not trickle. Whoever has no place in the waiting room is waited for only as long as a body takes that was sent with its head.
 */
final class Patience {

    private static final long HEAD_START = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(2);

    /** Who moves as much has earned another head start. */
    private static final int BRISK = 64 << 10;

    private final WaitingRoom room;
    private final AtomicBoolean seated = new AtomicBoolean();

    private boolean readingBody;
    private long headSince;
    private long stalledSince;
    private long waited;
    private long headStart = HEAD_START;
    private long moved;

    Patience(WaitingRoom room) {
        this.room = room;
    }

    void readingBody(boolean reading) {
        readingBody = reading;
    }

    /** Whether a head that is not whole yet may still become so. */
    boolean waitsForHead() {
        long now = System.nanoTime();
        if (headSince == 0) {
            headSince = now;
        }
        return now - headSince <= room.patience();
    }

    void headIsWhole() {
        headSince = 0;
    }

    /** Moves some bytes of a connection without waiting; 0 where it can move none, negative at its end. */
    @FunctionalInterface
    interface Move {
        int bytes() throws IOException;
    }

    /** Reads; what a request's head has to say is not waited for. */
    int read(Move read) throws IOException {
        int n = read.bytes();
        if (readingBody) {
            while (n == 0 && triesAgain()) {
                n = read.bytes();
            }
            if (n > 0) {
                moved(n);
            }
        }
        return n;
    }

    /**
     * Writes.
     *
     * @param unsent whether something is left to be written, here or in what encrypts
     * @throws SocketTimeoutException as {@link #triesAgain} does
     */
    int write(Move write, BooleanSupplier unsent) throws IOException {
        int n = write.bytes();
        while (n == 0 && unsent.getAsBoolean() && triesAgain()) {
            n = write.bytes();
        }
        if (n > 0) {
            moved(n);
        }
        if (!unsent.getAsBoolean()) {
            getUp();
        }
        return n;
    }

    private void moved(int bytes) {
        endStall();
        if (waited > 0) {
            waited = Math.max(0, waited - bytes * room.nanosPerByte());
        }
        moved += bytes;
        if (moved >= BRISK) {
            moved = 0;
            headStart = HEAD_START;
        }
    }

    /**
     * Nothing goes through at the moment.
     *
     * @return whether to try again at once; if not, the thread may wait
     * @throws SocketTimeoutException when the client must not be waited for
     */
    private boolean triesAgain() throws SocketTimeoutException {
        endStall();
        if (waited > room.patience()) {
            throw new SocketTimeoutException("a client is too slow");
        }
        if (seated.get() || sits()) {
            stalledSince = System.nanoTime();
            return false;
        }
        if (headStart <= 0) {
            throw new SocketTimeoutException("too many clients are slow");
        }
        long begun = System.nanoTime();
        LockSupport.parkNanos(PAUSE);
        headStart -= System.nanoTime() - begun;
        return true;
    }

    private boolean sits() {
        boolean entered = room.enter();
        if (entered) {
            seated.set(true);
        }
        return entered;
    }

    private void endStall() {
        if (stalledSince != 0) {
            waited += System.nanoTime() - stalledSince;
            stalledSince = 0;
        }
    }

    /** No thread waits any more, for now. */
    void getUp() {
        if (seated.compareAndSet(true, false)) {
            room.leave();
        }
    }

    /** What comes next is another request, or another client. */
    void begin() {
        getUp();
        readingBody = false;
        headSince = 0;
        stalledSince = 0;
        waited = 0;
        headStart = HEAD_START;
        moved = 0;
    }
}
