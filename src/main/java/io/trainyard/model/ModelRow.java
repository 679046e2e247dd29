package io.trainyard.model;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** A row of {@code model}; locked while a version's number is given out. */
@Entity
@Table(name = "model")
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields
class ModelRow {

    @Id
    String name;

    /** Whose it is; never another's. */
    String owner;

    Instant createdAt;
    String description;

    @JdbcTypeCode(SqlTypes.JSON)
    String tags;

    /** The last number that was given to a version. */
    int lastVersion;

    protected ModelRow() {}
}
