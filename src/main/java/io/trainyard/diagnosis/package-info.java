/**
 * What a job's curves show: findings with their evidence, and the change of its spec to try. Nothing is stored; a job is
 * diagnosed anew from its epochs each time somebody asks.
 */
@org.jspecify.annotations.NullMarked
@org.springframework.modulith.ApplicationModule(
        displayName = "Diagnosis",
        allowedDependencies = {"training", "dataset", "network", "network :: layer", "problem"})
package io.trainyard.diagnosis;
