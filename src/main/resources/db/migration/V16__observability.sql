-- What a job's attempts are traced and logged under: the request that it came with.
alter table job add column request_id text;
alter table job add column traceparent text;
comment on column job.traceparent is 'W3C Trace Context of the request that submitted it; null where that was not traced';

-- Jobs by status are counted at each scrape, whatever history there is.
create index job_live on job (status, kind) where finished_at is null;
create index job_ended on job (finished_at) include (status, kind) where finished_at is not null;

-- What workers count, for the API processes to export: workers serve no HTTP.
create table worker_figures (
    worker_id uuid        primary key,
    host      text        not null,
    at        timestamptz not null,
    samples   jsonb       not null
);
