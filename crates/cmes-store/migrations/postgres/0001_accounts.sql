-- Accounts, projects, API keys and the ledger; see the SQLite twin of the same
-- name for what each column holds and why.

create table accounts (
    id          uuid    not null primary key,
    email       text    not null unique,
    password    text,
    currency    text    not null,
    balance     bigint  not null default 0 check (balance >= 0),
    is_operator boolean not null default false,
    closed_at   bigint,
    created_at  bigint  not null
);

create table projects (
    id         uuid   not null primary key,
    account_id uuid   not null references accounts (id),
    name       text   not null,
    created_at bigint not null,
    unique (account_id, name)
);

create table api_keys (
    id         uuid   not null primary key,
    account_id uuid   not null references accounts (id),
    project_id uuid   not null references projects (id),
    name       text   not null,
    hash       bytea  not null unique,
    masked     text   not null,
    expires_at bigint,
    revoked_at bigint,
    created_at bigint not null
);
create index api_keys_by_account on api_keys (account_id, created_at);

create table ledger (
    id         uuid   not null primary key,
    account_id uuid   not null references accounts (id),
    kind       text   not null check (kind in ('top-up')),
    amount     bigint not null,
    note       text   not null,
    created_at bigint not null
);
create index ledger_by_account on ledger (account_id, created_at);
