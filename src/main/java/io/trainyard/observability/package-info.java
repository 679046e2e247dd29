/**
 * What the service tells its operators of itself: meters, health, and the logs of its workers.
 *
 * <p>Workers serve no HTTP: what they count and log goes through the database, and every API process exports it.
 */
@org.jspecify.annotations.NullMarked
@org.springframework.modulith.ApplicationModule(
        displayName = "Observability",
        allowedDependencies = {"json", "artifact", "engine", "training", "problem"})
package io.trainyard.observability;
