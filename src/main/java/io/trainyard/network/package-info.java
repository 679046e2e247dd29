/**
 * Networks and training settings as a Keras user writes them: sealed specs, their validation, shape inference and
 * memory estimate. Nothing here knows Deeplearning4j; the engine translates.
 */
@org.jspecify.annotations.NullMarked
@org.springframework.modulith.ApplicationModule(
        displayName = "Network",
        allowedDependencies = {"problem"})
package io.trainyard.network;
