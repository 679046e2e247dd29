/**
 * Datasets: named, immutable, hashed versions, their splits and rows. Each split is kept as two IDX files in the
 * artifact store, which training maps into memory without parsing them again.
 */
@org.jspecify.annotations.NullMarked
@org.springframework.modulith.ApplicationModule(
        displayName = "Dataset",
        allowedDependencies = {"json", "access", "encoding", "artifact", "file", "upload", "idempotency", "problem"})
package io.trainyard.dataset;
