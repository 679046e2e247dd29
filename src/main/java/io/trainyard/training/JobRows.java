package io.trainyard.training;

import java.time.Instant;
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

    /** The place of a queued job among all queued ones, from 1 on. */
    @Query("""
            select count(other) + 1 from JobRow other, JobRow job
            where job.id = :id and other.status = QUEUED and other.id <> job.id
              and (other.priority > job.priority
                   or (other.priority = job.priority and other.createdAt < job.createdAt))
            """)
    int queuePosition(UUID id);
}
