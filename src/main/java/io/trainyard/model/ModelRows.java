package io.trainyard.model;

import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

interface ModelRows extends JpaRepository<ModelRow, String> {

    @Modifying
    @Query(
            nativeQuery = true,
            value =
                    "insert into model (name, owner, created_at) values (:name, :owner, now()) on conflict (name) do nothing")
    void insertIfAbsent(String name, String owner);

    @Query("select model.owner from ModelRow model where model.name = :name")
    Optional<String> owner(String name);

    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("select model from ModelRow model where model.name = :name")
    Optional<ModelRow> lock(String name);

    @Query("""
            select model from ModelRow model
            where model.name > :after and model.lastVersion > 0 and (:owner is null or model.owner = :owner)
            order by model.name""")
    List<ModelRow> page(String after, @Nullable String owner, Limit limit);
}
