package io.trainyard.training;

import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A row of {@code job_transition}, which a trigger writes. */
@Entity
@Immutable
@Table(name = "job_transition")
@IdClass(TransitionRow.Key.class)
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields
class TransitionRow {

    /** The primary key. */
    record Key(UUID jobId, Integer ordinal) implements Serializable {}

    @Id
    UUID jobId;

    @Id
    Integer ordinal;

    @Enumerated(EnumType.STRING)
    JobStatus status;

    Instant at;

    @Nullable
    String message;

    protected TransitionRow() {}
}
