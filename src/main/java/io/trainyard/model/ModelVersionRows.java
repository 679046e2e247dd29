package io.trainyard.model;

import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

interface ModelVersionRows extends JpaRepository<ModelVersionRow, ModelVersionRow.Key> {

    Optional<ModelVersionRow> findFirstByModelOrderByVersionDesc(String model);

    List<ModelVersionRow> findByModelOrderByVersionDesc(String model, Limit limit);

    @Query("select coalesce(max(row.version), 0) from ModelVersionRow row where row.model = :model")
    int newest(String model);
}
