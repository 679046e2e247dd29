package io.trainyard.model;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A row of {@code model}; locked while a version's number is given out. */
@Entity
@Table(name = "model")
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields
class ModelRow {

    @Id
    String name;

    Instant createdAt;

    protected ModelRow() {}
}
