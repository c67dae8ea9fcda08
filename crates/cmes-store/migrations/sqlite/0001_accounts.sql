-- Accounts, projects, API keys and the ledger.
--
-- Moments are milliseconds since 1970 (UTC) and money is in units of 10^-8: whole
-- numbers compare, sort and add alike on both engines. Identifiers are UUIDs as
-- 16 bytes. The file of the same name beside this one is the PostgreSQL twin.

create table accounts (
    id          blob    not null primary key,
    -- Lower case: two spellings of one address are one account.
    email       text    not null unique,
    -- Argon2id in PHC form; null when the account signs in by key alone.
    password    text,
    currency    text    not null,
    -- Equals the sum of the account's ledger rows; kept here so that a debit is one conditional update.
    balance     integer not null default 0 check (balance >= 0),
    is_operator integer not null default 0 check (is_operator in (0, 1)),
    closed_at   integer,
    created_at  integer not null
) strict;

create table projects (
    id         blob    not null primary key,
    account_id blob    not null references accounts (id),
    name       text    not null,
    created_at integer not null,
    unique (account_id, name)
) strict;

create table api_keys (
    id         blob    not null primary key,
    account_id blob    not null references accounts (id),
    project_id blob    not null references projects (id),
    name       text    not null,
    -- SHA-256 of the whole key. The key is 208 random bits, so no slow hash is needed.
    hash       blob    not null unique,
    -- First two and last two characters, for display.
    masked     text    not null,
    expires_at integer,
    revoked_at integer,
    created_at integer not null
) strict;
create index api_keys_by_account on api_keys (account_id, created_at);

-- Every movement of money, never changed and never deleted.
create table ledger (
    id         blob    not null primary key,
    account_id blob    not null references accounts (id),
    kind       text    not null check (kind in ('top-up')),
    -- Positive adds to the balance.
    amount     integer not null,
    note       text    not null,
    created_at integer not null
) strict;
create index ledger_by_account on ledger (account_id, created_at);
