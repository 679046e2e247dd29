package io.trainyard.training;

import io.trainyard.problem.InvalidFieldException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;

/** A place in the list of jobs: after the job with this time and id. */
public record JobCursor(Instant createdAt, UUID id) {

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    public static JobCursor after(JobView job) {
        return new JobCursor(job.createdAt(), job.id());
    }

    /**
     * @throws InvalidFieldException when the text was not made by {@link #toString}
     */
    public static JobCursor parse(String text) {
        int comma = text.indexOf('_');
        try {
            Instant createdAt = Instant.parse(text.substring(0, Math.max(0, comma)));
            if (createdAt.isBefore(Instant.EPOCH) || createdAt.isAfter(LATEST)) {
                throw new IllegalArgumentException("no job is of that time");
            }
            return new JobCursor(createdAt, UUID.fromString(text.substring(comma + 1)));
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new InvalidFieldException("cursor", "must be the next_cursor of an answer");
        }
    }

    @Override
    public String toString() {
        return createdAt + "_" + id;
    }
}
