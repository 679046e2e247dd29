package io.trainyard.backup;

import io.trainyard.artifact.Reference;
import java.time.Instant;
import java.util.List;

/**
 * What is in a backup.
 *
 * @param schema the version of the database's schema
 * @param tables in an order in which none refers to a later one
 * @param lost files that were missing or damaged in the service itself, in words
 */
record Manifest(Instant createdAt, String schema, List<TableCopy> tables, List<Reference> files, List<String> lost) {

    /** A table's rows as CSV with a header, in {@code database/<name>.csv}. */
    record TableCopy(String name, long rows, String sha256) {}
}
