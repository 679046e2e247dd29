/**
 * What this machine has to compute on, found out before any native code is loaded: NVIDIA's GPUs and whether the CUDA backend
 * in the jar has code for them. ND4J does not ask: it takes a GPU that it finds, and fails at the first kernel.
 */
@org.jspecify.annotations.NullMarked
@org.springframework.modulith.ApplicationModule(
        displayName = "Device",
        allowedDependencies = {})
package io.trainyard.device;
