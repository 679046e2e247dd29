package io.trainyard.training;

import io.trainyard.problem.InvalidFieldException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How much of a job's history a stream has sent; the id of its last event.
 *
 * @param transitions that were sent
 * @param attempt in which the last epoch that was sent was fitted
 * @param epoch the last that was sent
 */
record EventCursor(int transitions, int attempt, int epoch) {

    private static final Pattern FORM = Pattern.compile("(\\d{1,9})\\.(\\d{1,9})\\.(\\d{1,9})");

    /**
     * @throws InvalidFieldException when the text is not the id of an event
     */
    static EventCursor parse(@Nullable String id) {
        if (id == null || id.isEmpty()) {
            return new EventCursor(0, 0, 0);
        }
        Matcher matcher = FORM.matcher(id);
        if (!matcher.matches()) {
            throw new InvalidFieldException("Last-Event-ID", "must be the id of an event of this stream");
        }
        return new EventCursor(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)));
    }

    EventCursor withTransitions(int sent) {
        return new EventCursor(sent, attempt, epoch);
    }

    EventCursor withEpoch(int ofAttempt, int sent) {
        return new EventCursor(transitions, ofAttempt, sent);
    }

    @Override
    public String toString() {
        return transitions + "." + attempt + "." + epoch;
    }
}
