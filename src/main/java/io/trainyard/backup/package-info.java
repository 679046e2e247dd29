/**
 * Backup of all that is kept, from a running service or a stopped one, and its restore elsewhere.
 *
 * <p>PostgreSQL's own {@code pg_dump} would be the tool for its half, but the embedded PostgreSQL comes without it. So the
 * tables are copied by {@code COPY}, all in one snapshot; then the files that the snapshot names. Files do not change and
 * outlive what needs them by a day, so that the service need not stop.
 */
@org.jspecify.annotations.NullMarked
@org.springframework.modulith.ApplicationModule(
        displayName = "Backup",
        allowedDependencies = {"artifact", "dataset", "file", "model", "training"})
package io.trainyard.backup;
