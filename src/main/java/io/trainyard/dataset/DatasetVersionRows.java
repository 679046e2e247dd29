package io.trainyard.dataset;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

interface DatasetVersionRows extends JpaRepository<DatasetVersionRow, UUID> {

    Optional<DatasetVersionRow> findByNameAndVersion(String name, int version);

    Optional<DatasetVersionRow> findFirstByNameOrderByVersionDesc(String name);

    List<DatasetVersionRow> findByNameOrderByVersionDesc(String name, Limit limit);

    @Query("select distinct name from DatasetVersionRow")
    List<String> findNames();

    @Query(nativeQuery = true, value = "select name from dataset where owner = :owner")
    List<String> findNames(String owner);
}
