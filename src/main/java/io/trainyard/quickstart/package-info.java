/** The demonstration that {@code ./quickstart} runs: a client of the public HTTP API and of nothing else. */
@org.jspecify.annotations.NullMarked
@org.springframework.modulith.ApplicationModule(
        displayName = "Quickstart",
        allowedDependencies = {})
package io.trainyard.quickstart;
