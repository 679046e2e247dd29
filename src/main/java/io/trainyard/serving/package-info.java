/**
 * Prediction: loaded model versions, each network owned by one thread, and the protocols over them. Rows are checked and encoded
 * before they reach a network, so a bad one fails with its own error.
 */
@org.jspecify.annotations.NullMarked
@org.springframework.modulith.ApplicationModule(
        displayName = "Serving",
        allowedDependencies = {"access", "model", "rollout", "encoding", "engine", "problem"})
package io.trainyard.serving;
