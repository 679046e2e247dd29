create table audit_event (
    id         bigint      generated always as identity primary key,
    at         timestamptz not null default clock_timestamp(),
    actor      text        not null,
    owner      text,
    role       text,
    credential text        not null,
    address    text        not null,
    action     text        not null,
    object     text        not null,
    outcome    text        not null check (outcome in ('done', 'refused', 'failed')),
    status     integer     not null,
    request_id text        not null
);
comment on table audit_event is 'append-only: the program may insert and read, not change';
create index audit_event_of_actor on audit_event (actor, id desc);
