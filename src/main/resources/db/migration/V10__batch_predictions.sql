-- A job trains a network, or predicts all rows of a split. For the latter a pass over the split is one epoch, and a row an
-- iteration; it has no summary of layers, and its result is a file.
alter table job add column kind text not null default 'TRAINING' check (kind in ('TRAINING', 'BATCH_PREDICTION'));
alter table job alter column kind drop default;
alter table job alter column summary drop not null;
alter table job add column result jsonb;
comment on column job.iteration is 'finished batches of the epoch in progress; of a batch prediction, rows';
comment on column job.iterations is 'batches in an epoch, or rows in the split; 0 until known';

alter table job drop constraint job_check;
alter table job add constraint job_result check (
    case kind
        when 'TRAINING' then
            summary is not null and result is null and (status = 'SUCCEEDED') = (result_version is not null)
        when 'BATCH_PREDICTION' then
            summary is null and result_version is null and (status = 'SUCCEEDED') = (result is not null)
    end);
create index job_kind on job (kind, created_at desc, id desc);

-- The files of batch predictions that their users have not deleted.
create table prediction_file (
    job_id  uuid        primary key references job on delete cascade,
    attempt integer     not null,
    at      timestamptz not null,
    sha256  text        not null,
    bytes   bigint      not null
);

-- Answers that are given again are read as answers of this release.
update idempotency_key set response = response || '{"kind": "training"}' where response -> 'spec' is not null;
