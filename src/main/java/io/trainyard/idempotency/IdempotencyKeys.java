package io.trainyard.idempotency;

import io.trainyard.problem.InvalidFieldException;
import io.trainyard.problem.ProblemException;
import io.trainyard.problem.ProblemType;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Answers to requests that bear an {@code Idempotency-Key}. A key is taken and answered in the transaction that makes what
 * was asked for, so that they exist together or not at all; a request with a key that another is taking waits for it.
 * Keys are kept for a day; those of one owner are not another's.
 */
@Component
class IdempotencyKeys {

    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,200}");

    private final JdbcClient jdbc;

    IdempotencyKeys(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Looks for the answer that a key has.
     *
     * @return the first answer, when the same request was answered before
     * @throws ProblemException IDEMPOTENCY_KEY_REUSED
     */
    Optional<String> find(String owner, String key, String request) {
        if (!KEY.matcher(key).matches()) {
            throw new InvalidFieldException("Idempotency-Key", "must be 1 to 200 visible ASCII characters");
        }
        record Earlier(String requestSha256, String response) {}
        Optional<Earlier> earlier = jdbc.sql(
                        "select request_sha256, response::text from idempotency_key where owner = :owner and key = :key")
                .param("owner", owner)
                .param("key", key)
                .query(Earlier.class)
                .optional();
        if (earlier.isPresent() && !earlier.get().requestSha256().equals(DigestUtils.sha256Hex(request))) {
            throw new ProblemException(
                    ProblemType.IDEMPOTENCY_KEY_REUSED,
                    "This Idempotency-Key was used with another body; take a new key for a new request.");
        }
        return earlier.map(Earlier::response);
    }

    /**
     * Keeps the answer, within the caller's transaction; waits for another that does so for the same key.
     *
     * @return whether it is the key's first; if not, the caller must roll back, and look for that
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean answer(String owner, String key, String request, String response) {
        jdbc.sql("delete from idempotency_key where answered_at < now() - interval '1 day'")
                .update();
        return jdbc.sql("""
                        insert into idempotency_key (owner, key, request_sha256, answered_at, response)
                        values (:owner, :key, :hash, now(), cast(:response as jsonb)) on conflict (owner, key) do nothing""")
                        .param("owner", owner)
                        .param("key", key)
                        .param("hash", DigestUtils.sha256Hex(request))
                        .param("response", response)
                        .update()
                == 1;
    }
}
