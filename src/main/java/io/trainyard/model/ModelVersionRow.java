package io.trainyard.model;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** A row of {@code model_version}. */
@Entity
@Table(name = "model_version")
@IdClass(ModelVersionRow.Key.class)
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields
class ModelVersionRow {

    /** The primary key. */
    record Key(String model, Integer version) implements Serializable {}

    @Id
    String model;

    @Id
    Integer version;

    UUID jobId;
    String datasetName;
    int datasetVersion;
    String datasetSha256;
    long seed;

    @JdbcTypeCode(SqlTypes.JSON)
    String spec;

    @JdbcTypeCode(SqlTypes.JSON)
    String summary;

    @JdbcTypeCode(SqlTypes.JSON)
    String encoding;

    @JdbcTypeCode(SqlTypes.JSON)
    String target;

    @JdbcTypeCode(SqlTypes.JSON)
    String evaluation;

    String description;

    @JdbcTypeCode(SqlTypes.JSON)
    String tags;

    String artifactSha256;
    long artifactBytes;
    Instant createdAt;

    protected ModelVersionRow() {}
}
