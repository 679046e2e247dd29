/**
 * The only importer of Deeplearning4j and ND4J: builds networks from specs, fits, evaluates, saves, loads and runs them.
 *
 * <p>Nothing here is thread-safe: a network belongs to the one thread that made it. ND4J's random generator belongs to
 * the process: one training a process.
 */
@org.jspecify.annotations.NullMarked
@org.springframework.modulith.ApplicationModule(
        displayName = "Engine",
        allowedDependencies = {"device", "network", "network :: layer", "problem"})
package io.trainyard.engine;
