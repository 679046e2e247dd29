/**
 * The layers that a network is made of, by Keras' names and with Keras' meaning: parameters, defaults, output shapes,
 * weights with their shapes and initial values.
 */
@org.jspecify.annotations.NullMarked
@org.springframework.modulith.NamedInterface("layer")
package io.trainyard.network.layer;
