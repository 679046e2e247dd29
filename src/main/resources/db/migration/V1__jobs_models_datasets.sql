-- Datasets: immutable versions.
create table dataset_version (
    id         uuid primary key,
    name       text        not null check (name ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
    version    integer     not null check (version >= 1),
    sha256     text        not null,
    content    jsonb       not null,
    created_at timestamptz not null,
    unique (name, version)
);

-- Jobs. Every write of a worker is guarded by id, attempt and status.
create table job (
    id                  uuid primary key,
    model               text        not null check (model ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
    status              text        not null check (status in ('QUEUED', 'RUNNING', 'CANCELLING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
    status_reason       text,
    spec                jsonb       not null,
    summary             jsonb       not null,
    dataset_version_id  uuid        not null references dataset_version,
    labels              jsonb       not null,
    priority            integer     not null,
    attempt             integer     not null default 0, -- claims so far; a worker's lease is (id, attempt)
    losses              integer     not null default 0, -- attempts whose worker was lost
    epoch               integer     not null default 0, -- finished epochs of this attempt
    iteration           integer     not null default 0, -- finished batches of the epoch in progress
    iterations          integer     not null default 0, -- batches in an epoch; 0 until known
    result_version      integer,
    created_at          timestamptz not null default now(),
    started_at          timestamptz,                    -- of this attempt
    finished_at         timestamptz,
    check ((status = 'SUCCEEDED') = (result_version is not null))
);
create index job_newest on job (created_at desc, id desc);
create index job_queue on job (priority desc, created_at) where status = 'QUEUED';
create index job_labels on job using gin (labels);

create table job_transition (
    job_id  uuid        not null references job on delete cascade,
    ordinal integer     not null,
    status  text        not null,
    at      timestamptz not null,
    message text,
    primary key (job_id, ordinal)
);

create table epoch_metrics (
    job_id           uuid             not null references job on delete cascade,
    epoch            integer          not null check (epoch >= 1),
    attempt          integer          not null,
    train_loss       double precision not null,
    train_accuracy   double precision not null,
    val_loss         double precision,
    val_accuracy     double precision,
    learning_rate    double precision not null,
    duration_seconds double precision not null,
    rows_per_second  double precision not null,
    at               timestamptz      not null default now(),
    primary key (job_id, epoch)
);

create table job_log (
    id      bigint generated always as identity primary key,
    job_id  uuid        not null references job on delete cascade,
    attempt integer     not null,
    at      timestamptz not null default clock_timestamp(),
    line    text        not null
);
create index job_log_of_job on job_log (job_id, attempt, id);

-- The history of a job cannot be bypassed: whoever changes its status leaves a transition, and listeners hear of it.
create function record_job_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' or new.status is distinct from old.status then
        insert into job_transition (job_id, ordinal, status, at, message)
        select new.id, coalesce(max(ordinal), 0) + 1, new.status, clock_timestamp(), new.status_reason
        from job_transition where job_id = new.id;
    end if;
    perform pg_notify('trainyard_job', new.id::text);
    return null;
end $$;
create trigger job_changed after insert or update on job for each row execute function record_job_change();

create function announce_epoch() returns trigger language plpgsql as $$
begin
    perform pg_notify('trainyard_job', new.job_id::text);
    return null;
end $$;
create trigger epoch_recorded after insert or update on epoch_metrics for each row execute function announce_epoch();

-- Answers to requests with an Idempotency-Key; response is null while the first is in flight.
create table idempotency_key (
    key            text primary key,
    request_sha256 text        not null,
    claimed_at     timestamptz not null,
    response       jsonb
);

-- Models and their immutable versions.
create table model (
    name       text primary key check (name ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
    created_at timestamptz not null
);

create table model_version (
    model           text        not null references model,
    version         integer     not null check (version >= 1),
    job_id          uuid        not null unique references job,
    dataset_name    text        not null,
    dataset_version integer     not null,
    dataset_sha256  text        not null,
    seed            bigint      not null,
    spec            jsonb       not null,
    summary         jsonb       not null,
    encoding        jsonb       not null,
    classes         jsonb       not null,
    evaluation      jsonb       not null,
    artifact_sha256 text        not null,
    artifact_bytes  bigint      not null,
    created_at      timestamptz not null,
    primary key (model, version)
);

-- Worker processes, for people to see; leases do not depend on it.
create table worker (
    id         uuid primary key,
    host       text        not null,
    pid        bigint      not null,
    device     jsonb       not null,
    job_id     uuid,
    started_at timestamptz not null,
    seen_at    timestamptz not null
);

-- The queue: db-scheduler's table, in its documented form for PostgreSQL.
create table scheduled_tasks (
    task_name            text        not null,
    task_instance        text        not null,
    task_data            bytea,
    execution_time       timestamptz not null,
    picked               boolean     not null,
    picked_by            text,
    last_success         timestamptz,
    last_failure         timestamptz,
    consecutive_failures integer,
    last_heartbeat       timestamptz,
    version              bigint      not null,
    priority             smallint,
    primary key (task_name, task_instance)
);
create index scheduled_tasks_execution_time on scheduled_tasks (execution_time);
create index scheduled_tasks_last_heartbeat on scheduled_tasks (last_heartbeat);
create index scheduled_tasks_priority on scheduled_tasks (priority desc, execution_time asc);
