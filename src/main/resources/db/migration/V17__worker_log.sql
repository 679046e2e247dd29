-- The end of each worker's own log, for admins to read through the API.
create table worker_log (
    id        bigint      generated always as identity primary key,
    worker_id uuid        not null,
    host      text        not null,
    pid       bigint      not null,
    at        timestamptz not null,
    job_id    uuid,
    event     text        not null
);
create index worker_log_of_worker on worker_log (worker_id, id);
create index worker_log_of_job on worker_log (job_id, id) where job_id is not null;
create index worker_log_age on worker_log (at);
