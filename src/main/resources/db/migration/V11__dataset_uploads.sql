-- Datasets that users bring. A number is never given twice, also where its version is deleted.
create table dataset (
    name     text    primary key check (name ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
    versions integer not null check (versions >= 1)
);
comment on column dataset.versions is 'the highest number that was given';
insert into dataset select name, max(version) from dataset_version group by name;

alter table dataset_version
    add column provenance jsonb,
    add column statistics jsonb,
    add foreign key (name) references dataset;
comment on column dataset_version.provenance is 'of an upload: what its sender said and sent, and what was noticed';
comment on column dataset_version.statistics is 'of the training split; null until somebody asks, for a built-in one';

-- What was made of a dataset version holds it.
alter table model_version
    add constraint model_version_of_dataset foreign key (dataset_name, dataset_version)
        references dataset_version (name, version);
create index model_version_by_dataset on model_version (dataset_name, dataset_version);
create index if not exists job_by_dataset on job (dataset_version_id);
