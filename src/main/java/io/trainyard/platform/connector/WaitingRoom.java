package io.trainyard.platform.connector;

import java.time.Duration;
import java.util.concurrent.Semaphore;

/** Has a place for each thread that may wait for a slow client; the others are for those who have sent what they send. */
final class WaitingRoom {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Semaphore places;
    private final long patience;
    private final long nanosPerByte;

    WaitingRoom(int places, SlowClientProperties properties) {
        this.places = new Semaphore(places);
        this.patience = properties.patience().toNanos();
        this.nanosPerByte = SECOND / Math.max(1, properties.minRate().toBytes());
    }

    boolean enter() {
        return places.tryAcquire();
    }

    void leave() {
        places.release();
    }

    long patience() {
        return patience;
    }

    /** For which a byte that was moved makes up. */
    long nanosPerByte() {
        return nanosPerByte;
    }
}
