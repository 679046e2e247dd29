-- Whose jobs, models and datasets are. What was made before belongs to the one who uses a service that asks nobody who they are.
alter table job add column owner text not null default 'local';
alter table job alter column owner drop default;
create index job_of_owner on job (owner, created_at desc, id desc);

-- A model's name is its owner's from the first job on that is to make it.
alter table model add column owner text not null default 'local';
insert into model (name, created_at)
select model, min(created_at) from job where kind = 'TRAINING' group by model on conflict do nothing;
alter table model alter column owner drop default;
create index model_of_owner on model (owner, name);

alter table dataset add column owner text;
comment on column dataset.owner is 'null of a built-in one, which all may read';
update dataset set owner = 'local'
where not exists (
    select from dataset_version
    where dataset_version.name = dataset.name and version = 1 and provenance is null);

-- One owner's keys are not another's.
alter table idempotency_key add column owner text not null default 'local';
alter table idempotency_key alter column owner drop default;
alter table idempotency_key drop constraint idempotency_key_pkey;
alter table idempotency_key add primary key (owner, key);
update idempotency_key set response = response || '{"owner": "local"}' where response -> 'spec' is not null;
