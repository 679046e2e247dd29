package io.trainyard.dataset;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A row of {@code dataset_version}. */
@Entity
@Table(name = "dataset_version")
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields
class DatasetVersionRow {

    @Id
    UUID id;

    String name;
    int version;
    String sha256;

    @JdbcTypeCode(SqlTypes.JSON)
    String content;

    Instant createdAt;

    /** Null of a built-in one. */
    @Nullable
    @JdbcTypeCode(SqlTypes.JSON)
    String provenance;

    /** Null until somebody asks for them. */
    @Nullable
    @JdbcTypeCode(SqlTypes.JSON)
    String statistics;

    protected DatasetVersionRow() {}

    DatasetVersionRow(UUID id, String name, int version, String sha256, String content, Instant createdAt) {
        this.id = id;
        this.name = name;
        this.version = version;
        this.sha256 = sha256;
        this.content = content;
        this.createdAt = createdAt;
    }
}
