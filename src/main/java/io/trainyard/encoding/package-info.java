/**
 * From a raw row, as a user has it, to the numbers that a network takes. Training and serving share this one code
 * path, so that they cannot drift apart; the fitted encoding travels with the dataset version into the model version.
 */
@org.jspecify.annotations.NullMarked
@org.springframework.modulith.ApplicationModule(
        displayName = "Encoding",
        allowedDependencies = {"problem"})
package io.trainyard.encoding;
