-- A job's last whole states, from which another attempt goes on. The files are in the artifact store.
create table checkpoint (
    job_id    uuid        not null references job on delete cascade,
    epoch     integer     not null, -- finished epochs
    iteration integer     not null, -- finished batches of the epoch in progress
    attempt   integer     not null,
    file      text        not null,
    sha256    text        not null,
    bytes     bigint      not null,
    at        timestamptz not null default clock_timestamp(),
    primary key (job_id, epoch, iteration)
);

alter table job drop constraint job_status_check;
alter table job add constraint job_status_check check (
    status in ('QUEUED', 'RUNNING', 'PAUSING', 'PAUSED', 'CANCELLING', 'SUCCEEDED', 'FAILED', 'CANCELLED'));
alter table job add column runtime_seconds double precision not null default 0; -- of training, over all attempts
comment on column job.losses is 'attempts whose worker was lost, since the last checkpoint';
comment on column job.epoch is 'finished epochs';

-- Fair order: jobs of the same priority run in the order of their turns, and each share's jobs get turns one after
-- another from the current one on (start-time fair queueing: Goyal, Vin, Cheng, 1996).
alter table job add column turn bigint not null default 0;
alter table job add column sequence bigint generated always as identity;
create table queue_turn (current bigint not null);
insert into queue_turn values (0);
create table queue_share (
    share text   primary key,
    turn  bigint not null -- the last that was given
);
update job set turn = ordered.turn
from (select id, row_number() over (order by created_at, id) as turn from job where finished_at is null) as ordered
where job.id = ordered.id;
insert into queue_share select '', max(turn) from job having max(turn) > 0;
-- The queue's entries are due at once; their times only order them.
update scheduled_tasks
set execution_time = timestamptz '2000-01-01 00:00:00+00' + job.turn * interval '1 second'
from job where task_name = 'train' and task_instance = job.id::text;

drop index job_queue;
create index job_queue on job (priority desc, turn, sequence) where status = 'QUEUED';
create index job_status on job (status, created_at desc, id desc);
create index job_model on job (model, created_at desc, id desc);

-- What has ended needs no checkpoint. A transition says to which attempt it belongs, so that a late write can be told.
alter table job_transition add column attempt integer not null default 0;
create or replace function record_job_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' or new.status is distinct from old.status then
        insert into job_transition (job_id, ordinal, status, at, message, attempt)
        select new.id, coalesce(max(ordinal), 0) + 1, new.status, clock_timestamp(), new.status_reason, new.attempt
        from job_transition where job_id = new.id;
        if new.finished_at is not null then
            delete from checkpoint where job_id = new.id;
        end if;
    end if;
    perform pg_notify('trainyard_job', new.id::text);
    return null;
end $$;

-- What comparisons of database and store have found.
create table reconciliation (
    id          bigint generated always as identity primary key,
    started_at  timestamptz not null,
    finished_at timestamptz not null,
    report      jsonb       not null
);

-- What is done daily; of the same form as the queue.
create table scheduled_maintenance (like scheduled_tasks including all);
