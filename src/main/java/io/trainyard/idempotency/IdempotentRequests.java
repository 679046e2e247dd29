package io.trainyard.idempotency;

import io.trainyard.json.StoredJson;
import io.trainyard.problem.ProblemException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** The facade of this module. */
@Component
public class IdempotentRequests {

    private final IdempotencyKeys keys;
    private final TransactionTemplate transaction;
    private final JsonMapper json;

    IdempotentRequests(IdempotencyKeys keys, TransactionTemplate transaction, JsonMapper json) {
        this.keys = keys;
        this.transaction = transaction;
        this.json = StoredJson.shown(json);
    }

    /**
     * Carries out a request, or gives the answer that it had before.
     *
     * @param owner whose key it is
     * @param key with which the same request gives the first answer again; null for none
     * @param request all that makes it the same
     * @param type of the answer, which is kept as JSON
     * @param checked checks the request outside of any transaction, and gives what makes the thing within one
     * @throws ProblemException INVALID_REQUEST for a key that is none, IDEMPOTENCY_KEY_REUSED
     */
    public <T> T once(
            String owner, @Nullable String key, String request, Class<T> type, Supplier<Supplier<T>> checked) {
        if (key == null) {
            Supplier<T> making = checked.get();
            return Objects.requireNonNull(transaction.execute(status -> making.get()));
        }
        return answered(owner, key, request, type)
                .or(() -> made(owner, key, request, checked.get()))
                // Another request with the key was faster.
                .or(() -> answered(owner, key, request, type))
                .orElseThrow();
    }

    private <T> Optional<T> answered(String owner, String key, String request, Class<T> type) {
        return keys.find(owner, key, request).map(answer -> json.readValue(answer, type));
    }

    private <T> Optional<T> made(String owner, String key, String request, Supplier<T> making) {
        return Objects.requireNonNull(transaction.execute(status -> {
            T answer = making.get();
            if (!keys.answer(owner, key, request, json.writeValueAsString(answer))) {
                status.setRollbackOnly();
                return Optional.empty();
            }
            return Optional.of(answer);
        }));
    }
}
