package io.trainyard.training;

import java.util.List;
import java.util.UUID;
import org.springframework.data.jpa.repository.JpaRepository;

interface EpochMetricsRows extends JpaRepository<EpochMetricsRow, EpochMetricsRow.Key> {

    List<EpochMetricsRow> findByJobIdOrderByEpoch(UUID jobId);
}
