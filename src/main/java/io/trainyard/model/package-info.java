/**
 * The registry: models by name, their immutable versions with lineage, metrics and evaluation. A version's row is
 * written after its bytes are on disk, in the transaction that ends its job, if it has one.
 */
@org.jspecify.annotations.NullMarked
@org.springframework.modulith.ApplicationModule(
        displayName = "Model",
        allowedDependencies = {"json", "access", "encoding", "artifact", "problem"})
package io.trainyard.model;
