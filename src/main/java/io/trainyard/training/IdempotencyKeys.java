package io.trainyard.training;

import io.trainyard.problem.InvalidFieldException;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Answers to requests that bear an {@code Idempotency-Key}. The answer is written in the transaction that makes what was
 * asked for, so the two exist together or not at all. Keys are kept for a day.
 */
@Component
class IdempotencyKeys {

    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,200}");
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final JdbcClient jdbc;

    IdempotencyKeys(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Takes a key for a request. One whose first request died without an answer can be taken again after five minutes.
     *
     * @return the first answer, when the same request was answered before; else the caller must answer or release
     * @throws ProblemException IDEMPOTENCY_KEY_REUSED or IDEMPOTENCY_IN_FLIGHT
     */
    @Transactional
    public Optional<String> claim(String key, String request) {
        if (!KEY.matcher(key).matches()) {
            throw new InvalidFieldException("Idempotency-Key", "must be 1 to 200 visible ASCII characters");
        }
        String hash = DigestUtils.sha256Hex(request);
        jdbc.sql("delete from idempotency_key where claimed_at < now() - interval '1 day'")
                .update();
        int claimed = jdbc.sql("""
                        insert into idempotency_key as existing (key, request_sha256, claimed_at)
                        values (:key, :hash, now())
                        on conflict (key) do update set request_sha256 = :hash, claimed_at = now()
                        where existing.response is null and existing.claimed_at < now() - interval '5 minutes'
                        """).param("key", key).param("hash", hash).update();
        if (claimed == 1) {
            return Optional.empty();
        }
        record Earlier(String requestSha256, String response) {}
        Earlier earlier = jdbc.sql(
                        "select request_sha256, coalesce(response::text, '') as response from idempotency_key where key = :key")
                .param("key", key)
                .query(Earlier.class)
                .single();
        if (!earlier.requestSha256().equals(hash)) {
            throw new ProblemException(
                    ProblemType.IDEMPOTENCY_KEY_REUSED,
                    "This Idempotency-Key was used with another body; take a new key for a new request.");
        }
        if (earlier.response().isEmpty()) {
            throw inFlight();
        }
        return Optional.of(earlier.response());
    }

    private static ProblemException inFlight() {
        return new ProblemException(
                ProblemType.IDEMPOTENCY_IN_FLIGHT,
                "The first request with this Idempotency-Key is still being answered.",
                List.of(),
                RETRY,
                null);
    }

    /** Keeps the answer, within the caller's transaction. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void answer(String key, String response) {
        int answered = jdbc.sql(
                        "update idempotency_key set response = cast(:response as jsonb) where key = :key and response is null")
                .param("key", key)
                .param("response", response)
                .update();
        if (answered == 0) {
            // Another request has taken the key over: rolling back leaves its answer the only one.
            throw inFlight();
        }
    }

    /** Gives up a key whose request was refused. */
    @Transactional
    public void release(String key) {
        jdbc.sql("delete from idempotency_key where key = :key and response is null")
                .param("key", key)
                .update();
    }
}
