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

    long countByStatusAndOwner(JobStatus status, String owner);

    @Query(nativeQuery = true, value = """
                    select * from job
                    where (cast(:owner as text) is null or owner = cast(:owner as text))
                      and (cast(:kind as text) is null or kind = cast(:kind as text))
                      and (cast(:status as text) is null or status = cast(:status as text))
                      and (cast(:model as text) is null or model = cast(:model as text))
                      and (cast(:labels as jsonb) is null or labels @> cast(:labels as jsonb))
                      and (cast(:beforeId as uuid) is null
                           or (created_at, id) < (cast(:before as timestamptz), cast(:beforeId as uuid)))
                    order by created_at desc, id desc
                    limit :limit
                    """)
    List<JobRow> page(
            @Nullable String owner,
            @Nullable String kind,
            @Nullable String status,
            @Nullable String model,
            @Nullable String labels,
            @Nullable Instant before,
            @Nullable UUID beforeId,
            int limit);

    /** A queued job's place among all. */
    interface QueuePlace {
        UUID getId();

        /** From 1 on. */
        int getPosition();

        /** Seconds until it has ended; null when nothing is known to tell from, or no worker is alive. */
        @Nullable
        Double getEta();
    }

    /**
     * The places of queued jobs. A job takes as long an epoch as the latest of its kind, model and dataset did, or as long in
     * all as the latest of its kind; the workers that are alive share what is before it.
     */
    @Query(nativeQuery = true, value = """
                    with latest as (
                        select kind, model, dataset_version_id, epoch,
                            greatest(runtime_seconds, extract(epoch from finished_at - started_at)) as seconds
                        from job where status = 'SUCCEEDED' order by created_at desc limit 100),
                    pace as (
                        select kind, model, dataset_version_id, sum(seconds) / nullif(sum(epoch), 0) as seconds
                        from latest group by kind, model, dataset_version_id),
                    usual as (select kind, avg(seconds) as seconds from latest group by kind),
                    running as (
                        select job.*, epoch + case when iterations > 0 then iteration::float / iterations else 0 end as done
                        from job where status = 'RUNNING'),
                    busy as (
                        select coalesce(sum(case when done > 0 then runtime_seconds / done * (epochs - done)
                            else coalesce(pace.seconds * epochs, usual.seconds, 0) end), 0) as seconds
                        from running left join pace using (kind, model, dataset_version_id)
                            left join usual using (kind)),
                    queue as (
                        select id, priority, turn, sequence,
                            coalesce(pace.seconds * (epochs - epoch), usual.seconds) as seconds
                        from job left join pace using (kind, model, dataset_version_id)
                            left join usual using (kind) where status = 'QUEUED'),
                    place as (
                        select id, seconds, row_number() over line as position, sum(seconds) over line as until
                        from queue window line as (order by priority desc, turn, sequence))
                    select id, position,
                        ((busy.seconds + until - place.seconds) / nullif(
                            (select count(*) from worker where seen_at > now() - make_interval(secs => :alive)), 0)
                            + place.seconds)::float as eta
                    from place, busy where id in (:ids)
                    """)
    List<QueuePlace> queuePlaces(Collection<UUID> ids, int alive);
}
