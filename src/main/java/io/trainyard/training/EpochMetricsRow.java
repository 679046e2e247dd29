package io.trainyard.training;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A row of {@code epoch_metrics}, which {@link Lease} writes. */
@Entity
@Immutable
@Table(name = "epoch_metrics")
@IdClass(EpochMetricsRow.Key.class)
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields
class EpochMetricsRow {

    /** The primary key. */
    record Key(UUID jobId, Integer epoch) implements Serializable {}

    @Id
    UUID jobId;

    @Id
    Integer epoch;

    int attempt;
    double trainLoss;

    @Nullable
    Double valLoss;

    @JdbcTypeCode(SqlTypes.JSON)
    String metrics;

    double learningRate;
    double durationSeconds;
    double rowsPerSecond;

    @Nullable
    Double dataWaitSeconds;

    Instant at;

    protected EpochMetricsRow() {}
}
