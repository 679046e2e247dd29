package io.trainyard.training;

import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A row of {@code job}. Inserted and read through JPA; changed only by the guarded statements of {@link Lease} and {@link JobTransitions}. */
@Entity
@Table(name = "job")
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields
class JobRow {

    @Id
    UUID id;

    @Enumerated(EnumType.STRING)
    JobKind kind;

    String model;
    String owner;

    @Enumerated(EnumType.STRING)
    JobStatus status;

    @Nullable
    String statusReason;

    @JdbcTypeCode(SqlTypes.JSON)
    String spec;

    @Nullable
    @JdbcTypeCode(SqlTypes.JSON)
    String summary;

    UUID datasetVersionId;

    @JdbcTypeCode(SqlTypes.JSON)
    String labels;

    int priority;
    int attempt;
    int losses;
    int epochs;
    int epoch;
    int iteration;
    int iterations;
    double runtimeSeconds;

    @Nullable
    Integer resultVersion;

    @Nullable
    @JdbcTypeCode(SqlTypes.JSON)
    String result;

    @Nullable
    String requestId;

    @Nullable
    String traceparent;

    Instant createdAt;

    @Nullable
    Instant startedAt;

    @Nullable
    Instant finishedAt;

    protected JobRow() {}
}
