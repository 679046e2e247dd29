-- A version comes from a job or from a file that somebody sent; a file has no job, seed or evaluation, and need not have a
-- dataset or a network in this service's terms.
alter table model_version
    alter column job_id drop not null,
    alter column dataset_name drop not null,
    alter column dataset_version drop not null,
    alter column dataset_sha256 drop not null,
    alter column seed drop not null,
    alter column spec drop not null,
    alter column evaluation drop not null,
    add column imported_file jsonb,
    add constraint model_version_lineage check (
        case when job_id is not null
            then imported_file is null and dataset_name is not null and seed is not null and spec is not null
                and evaluation is not null
            else imported_file is not null and seed is null and evaluation is null
        end),
    add constraint model_version_dataset check (
        num_nulls(dataset_name, dataset_version, dataset_sha256) in (0, 3));

-- A file that was downloaded here is known by its checksum.
create index model_version_by_artifact on model_version (artifact_sha256);
