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
import org.jspecify.annotations.Nullable;

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

    @Nullable
    UUID jobId;

    @Nullable
    String datasetName;

    @Nullable
    Integer datasetVersion;

    @Nullable
    String datasetSha256;

    @Nullable
    Long seed;

    /** Of an import only the network, where it is known. */
    @Nullable
    @JdbcTypeCode(SqlTypes.JSON)
    String spec;

    /** Null where a job has trained it. */
    @Nullable
    @JdbcTypeCode(SqlTypes.JSON)
    String importedFile;

    @JdbcTypeCode(SqlTypes.JSON)
    String summary;

    @JdbcTypeCode(SqlTypes.JSON)
    String encoding;

    @JdbcTypeCode(SqlTypes.JSON)
    String target;

    @Nullable
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
