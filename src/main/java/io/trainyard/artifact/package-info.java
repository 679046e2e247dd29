/**
 * The artifact store, shared by the API and all workers: immutable files, each under the SHA-256 of its bytes, and the
 * checkpoints of jobs that have not ended.
 *
 * <p>Content addresses make publication atomic (a name exists only when all its bytes do), make storing twice
 * harmless, and let every reader check what it got.
 */
@org.jspecify.annotations.NullMarked
@org.springframework.modulith.ApplicationModule(
        displayName = "Artifact",
        allowedDependencies = {"file", "problem"})
package io.trainyard.artifact;
