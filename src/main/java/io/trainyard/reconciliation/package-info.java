/**
 * Compares what the database says with what the artifact store holds, and checks what is promised about jobs: daily, and
 * on demand.
 *
 * <p>The promises of the other modules are kept by how they write; this one shows that they are, and finds what a failing
 * disk or a careless hand has done.
 */
@org.jspecify.annotations.NullMarked
@org.springframework.modulith.ApplicationModule(
        displayName = "Reconciliation",
        allowedDependencies = {"json", "artifact", "dataset", "model", "training", "problem"})
package io.trainyard.reconciliation;
