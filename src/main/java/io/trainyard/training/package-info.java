/**
 * Jobs from the request to the published version, or the file of predictions: the queue, leases, the worker and its runs,
 * metrics and live events.
 *
 * <p>Execution is at least once, publication exactly once: a claim gives a worker the lease (job, attempt), and every
 * write of the worker is guarded by it.
 */
@org.jspecify.annotations.NullMarked
@org.springframework.modulith.ApplicationModule(
        displayName = "Training",
        allowedDependencies = {
            "json",
            "access",
            "dataset",
            "network",
            "network :: layer",
            "network :: keras",
            "encoding",
            "engine",
            "model",
            "artifact",
            "file",
            "idempotency",
            "problem"
        })
package io.trainyard.training;
