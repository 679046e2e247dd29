package io.trainyard.model;

import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

interface ModelRows extends JpaRepository<ModelRow, String> {

    @Modifying
    @Query(
            nativeQuery = true,
            value = "insert into model (name, created_at) values (:name, now()) on conflict (name) do nothing")
    void insertIfAbsent(String name);

    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("select model from ModelRow model where model.name = :name")
    Optional<ModelRow> lock(String name);

    @Query("select model from ModelRow model where model.name > :after order by model.name")
    List<ModelRow> page(String after, Limit limit);
}
