-- API keys. Of a key's secret there is only the SHA-256: it has 256 random bits, so nothing slower is needed.
create table api_key (
    id            uuid        primary key,
    prefix        text        not null unique,
    secret_sha256 text        not null,
    name          text        not null,
    owner         text        not null,
    role          text        not null check (role in ('viewer', 'predictor', 'trainer', 'publisher', 'admin')),
    all_owners    boolean     not null,
    requests_per_second integer,
    created_by    text        not null,
    created_at    timestamptz not null,
    expires_at    timestamptz,
    revoked_at    timestamptz
);
create unique index api_key_secret on api_key (secret_sha256);
create index api_key_newest on api_key (created_at desc, id desc);

-- A browser that was shown a key: its cookie is a secret of its own.
create table page_session (
    token_sha256 text        primary key,
    key_id       uuid        not null references api_key on delete cascade,
    created_at   timestamptz not null,
    expires_at   timestamptz not null
);
create index page_session_expiry on page_session (expires_at);
