-- Candidates behind aliases: at most one live rollout an alias. The version is where the alias points while it is live.
create table rollout (
    id                 bigint generated always as identity primary key,
    model              text             not null references model,
    alias              text             not null,
    version            integer          not null,
    candidate          integer          not null check (candidate <> version),
    held               integer, -- the candidate while the rollout is live: it cannot be deleted
    mode               text             not null check (mode in ('shadow', 'canary')),
    weight             double precision not null check (weight > 0 and weight <= 1),
    tolerance          double precision check (tolerance >= 0),
    largest_difference double precision not null default 0,
    started_at         timestamptz      not null,
    changed_at         timestamptz      not null,
    ended_at           timestamptz,
    outcome            text check (outcome in ('promoted', 'rolled_back', 'superseded')),
    check ((ended_at is null) = (outcome is null)),
    check ((ended_at is null) = (held is not null)),
    foreign key (model, held) references model_version
);
create unique index rollout_live on rollout (model, alias) where ended_at is null;
create index rollout_of_alias on rollout (model, alias, id desc);

-- What the API processes have counted, in sums over all of them.
create table rollout_count (
    rollout_id bigint not null references rollout on delete cascade,
    figure     text   not null,
    count      bigint not null,
    primary key (rollout_id, figure)
);

-- How long answers took: of those of one side, how many took about so many microseconds.
create table rollout_latency (
    rollout_id bigint not null references rollout on delete cascade,
    side       text   not null check (side in ('version', 'candidate')),
    micros     bigint not null,
    count      bigint not null,
    primary key (rollout_id, side, micros)
);

-- The newest instances of each rollout about which version and candidate disagreed.
create table rollout_disagreement (
    id               bigint generated always as identity primary key,
    rollout_id       bigint           not null references rollout on delete cascade,
    at               timestamptz      not null,
    request_id       text             not null,
    instance         jsonb,
    version_answer   jsonb            not null,
    candidate_answer jsonb            not null,
    difference       double precision not null
);
create index rollout_disagreement_of_rollout on rollout_disagreement (rollout_id, id desc);

-- What a request means changes with a rollout too; not with its figures.
create trigger rollout_changed
    after insert or delete or update of candidate, mode, weight, tolerance, ended_at on rollout
    for each statement execute function count_registry_change();
