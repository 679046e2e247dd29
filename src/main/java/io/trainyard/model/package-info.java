/**
 * The registry: models by name, their immutable versions with lineage, metrics and evaluation. A version's row is
 * written in the same transaction that ends its job, after its bytes are on disk.
 */
@org.jspecify.annotations.NullMarked
@org.springframework.modulith.ApplicationModule(
        displayName = "Model",
        allowedDependencies = {"encoding", "artifact", "problem"})
package io.trainyard.model;
