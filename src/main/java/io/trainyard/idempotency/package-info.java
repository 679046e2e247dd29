/**
 * Requests that may be sent twice and are carried out once: the header {@code Idempotency-Key} of operations that make
 * something, as the IETF draft "The Idempotency-Key HTTP Header Field" describes it.
 */
@org.jspecify.annotations.NullMarked
@org.springframework.modulith.ApplicationModule(
        displayName = "Idempotency",
        allowedDependencies = {"json", "problem"})
package io.trainyard.idempotency;
