-- What people say of models and versions. A version's number is given once, even when the version is deleted.
alter table model add column description text not null default '';
alter table model add column tags jsonb not null default '{}';
alter table model add column last_version integer not null default 0;
update model set last_version = (select coalesce(max(version), 0) from model_version where model_version.model = model.name);
alter table model_version add column description text not null default '';
alter table model_version add column tags jsonb not null default '{}';

-- Names that point at a version and can be moved. A version that one points at cannot be deleted.
create table model_alias (
    model    text        not null,
    alias    text        not null check (alias ~ '^[a-z0-9][a-z0-9._-]{0,62}$' and alias !~ '^[0-9]+$' and alias <> 'latest'),
    version  integer     not null,
    moved_at timestamptz not null,
    primary key (model, alias),
    foreign key (model, version) references model_version
);

-- Every move of an alias; the version is null when it was removed, the one before when it was made.
create table model_alias_move (
    id       bigint generated always as identity primary key,
    model    text        not null references model,
    alias    text        not null,
    version  integer,
    previous integer,
    at       timestamptz not null
);
create index model_alias_move_of_alias on model_alias_move (model, alias, id desc);
