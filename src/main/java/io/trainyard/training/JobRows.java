package io.trainyard.training;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

interface JobRows extends JpaRepository<JobRow, UUID> {

    long countByStatus(JobStatus status);

    @Query(nativeQuery = true, value = """
                    select * from job
                    where (cast(:status as text) is null or status = cast(:status as text))
                      and (cast(:model as text) is null or model = cast(:model as text))
                      and (cast(:labels as jsonb) is null or labels @> cast(:labels as jsonb))
                      and (cast(:beforeId as uuid) is null
                           or (created_at, id) < (cast(:before as timestamptz), cast(:beforeId as uuid)))
                    order by created_at desc, id desc
                    limit :limit
                    """)
    List<JobRow> page(
            @Nullable String status,
            @Nullable String model,
            @Nullable String labels,
            @Nullable Instant before,
            @Nullable UUID beforeId,
            int limit);

    /** A queued job's place among all, from 1 on. */
    interface QueuePosition {
        UUID getId();

        int getPosition();
    }

    @Query(nativeQuery = true, value = """
                    select id, position from (
                        select id, row_number() over (order by priority desc, turn, sequence) as position
                        from job where status = 'QUEUED') as queue
                    where id in (:ids)
                    """)
    List<QueuePosition> queuePositions(Collection<UUID> ids);
}
