/**
 * Reads the JSON that Keras' {@code model.to_json()} writes for a Sequential model, so that a Keras user can post a
 * network as it stands. Layers and parameters are carried over exactly; what this service does not have is refused with
 * its place, never left out or given a default. It is data alone: no class is looked up by name and no code is run.
 */
@org.jspecify.annotations.NullMarked
@org.springframework.modulith.NamedInterface("keras")
package io.trainyard.network.keras;
