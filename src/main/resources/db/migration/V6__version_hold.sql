-- The versions that live jobs go on from. Such a version cannot be deleted.
create table version_hold (
    job_id  uuid    primary key references job on delete cascade,
    model   text    not null,
    version integer not null,
    foreign key (model, version) references model_version
);
create index version_hold_of_version on version_hold (model, version);
insert into version_hold
select job.id, model_version.model, model_version.version
from job join model_version
    on model_version.model = job.spec #>> '{network,base,model}'
    and model_version.version = (job.spec #>> '{network,base,version}')::integer
where finished_at is null;

create or replace function record_job_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' or new.status is distinct from old.status then
        insert into job_transition (job_id, ordinal, status, at, message, attempt)
        select new.id, coalesce(max(ordinal), 0) + 1, new.status, clock_timestamp(), new.status_reason, new.attempt
        from job_transition where job_id = new.id;
        if new.finished_at is not null then
            delete from checkpoint where job_id = new.id;
            delete from version_hold where job_id = new.id;
        end if;
    end if;
    perform pg_notify('trainyard_job', new.id::text);
    return null;
end $$;
