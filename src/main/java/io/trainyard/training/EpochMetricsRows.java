package io.trainyard.training;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

interface EpochMetricsRows extends JpaRepository<EpochMetricsRow, EpochMetricsRow.Key> {

    List<EpochMetricsRow> findByJobIdOrderByEpoch(UUID jobId);

    List<EpochMetricsRow> findByJobIdAndEpochGreaterThanOrderByEpoch(UUID jobId, int epoch, Limit limit);

    /** The epochs that are later than one, or that a later attempt has done again. */
    @Query("""
            select row from EpochMetricsRow row
            where row.jobId = :jobId and (row.attempt > :attempt or row.epoch > :epoch) order by row.epoch""")
    List<EpochMetricsRow> since(UUID jobId, int attempt, int epoch, Limit limit);

    /** The last epoch of each job that has one. */
    @Query("""
            select row from EpochMetricsRow row
            where row.jobId in :jobIds
              and row.epoch = (select max(other.epoch) from EpochMetricsRow other where other.jobId = row.jobId)""")
    List<EpochMetricsRow> last(Collection<UUID> jobIds);
}
