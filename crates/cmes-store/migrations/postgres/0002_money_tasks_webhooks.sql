-- Held money, tasks, the queue, webhooks, idempotency, tariffs; see the SQLite
-- twin of the same name for what each column holds and why.

alter table accounts add column held bigint not null default 0 check (held >= 0);
alter table accounts add column warning_url text;
alter table accounts add column warning_balance bigint;

alter table ledger drop constraint ledger_kind_check;
alter table ledger add constraint ledger_kind_check
    check (kind in ('top-up', 'hold', 'capture', 'release', 'adjustment'));
alter table ledger add column held bigint not null default 0;
alter table ledger alter column held drop default;
alter table ledger add column key text;
update ledger set key = 'top-up/' || id;
alter table ledger alter column key set not null;
alter table ledger add constraint ledger_key_key unique (key);
alter table ledger add column task_id uuid;
alter table ledger add column project_id uuid;
alter table ledger add column key_id uuid;
alter table ledger add column method text;
alter table ledger add column requested_at bigint;
update ledger set requested_at = created_at;
alter table ledger alter column requested_at set not null;
create index ledger_by_task on ledger (task_id) where task_id is not null;
create index ledger_consumption on ledger (account_id, requested_at) where kind = 'capture';
create function ledger_is_never_changed() returns trigger language plpgsql as
    $$ begin raise exception 'ledger rows are never changed'; end $$;
create trigger ledger_is_never_changed before update or delete on ledger
    for each row execute function ledger_is_never_changed();

create table tasks (
    id             uuid    not null primary key,
    account_id     uuid    not null references accounts (id),
    project_id     uuid    not null references projects (id),
    key_id         uuid    not null references api_keys (id),
    idempotency_id uuid    unique,
    method         text    not null,
    work           text    not null,
    webhook_url    text,
    request        text,
    price          bigint not null,
    held           bigint not null check (held >= 0),
    charged        bigint not null default 0,
    progress       bigint not null default 0,
    outcome        text    check (outcome in ('success', 'error', 'cancelled')),
    result         text,
    created_at     bigint not null,
    ended_at       bigint
);
create index tasks_by_account on tasks (account_id, created_at);
create index tasks_by_end on tasks (ended_at) where ended_at is not null;
create index tasks_with_held_money on tasks (account_id) where held > 0;

create table jobs (
    id         uuid    not null primary key,
    kind       text    not null check (kind in ('task', 'call', 'webhook')),
    account_id uuid    not null references accounts (id),
    state      text    not null check (state in ('ready', 'running', 'waiting')),
    turn       bigint not null,
    due_at     bigint not null,
    worker     uuid,
    attempts   bigint not null default 0,
    created_at bigint not null
);
create index jobs_in_line on jobs (kind, state, turn, created_at);
create index jobs_of_account on jobs (account_id, kind, state, turn);
create index jobs_due on jobs (due_at) where state <> 'ready';
create index jobs_of_worker on jobs (worker) where worker is not null;

create table deliveries (
    id          uuid    not null primary key,
    account_id  uuid    not null references accounts (id),
    task_id     uuid,
    key         text    unique,
    url         text    not null,
    body        text    not null,
    state       text    not null check (state in ('pending', 'delivered', 'failed')),
    attempts    bigint not null default 0,
    created_at  bigint not null,
    ended_at    bigint
);
create index deliveries_by_account on deliveries (account_id, created_at);
create index deliveries_by_task on deliveries (task_id) where task_id is not null;
create index deliveries_by_end on deliveries (ended_at) where ended_at is not null;

create table delivery_attempts (
    delivery_id uuid    not null references deliveries (id) on delete cascade,
    number      bigint not null,
    status      bigint,
    error       text,
    duration_ms bigint not null,
    created_at  bigint not null,
    primary key (delivery_id, number)
);

create table webhook_secrets (
    account_id uuid    not null references accounts (id),
    secret     text    not null,
    created_at bigint not null,
    expires_at bigint,
    primary key (account_id, secret)
);

create table idempotency (
    id           uuid    not null primary key,
    account_id   uuid    not null references accounts (id),
    key          text    not null,
    fingerprint  bytea    not null,
    leased_until bigint,
    status       bigint,
    content_type text,
    body         bytea,
    created_at   bigint not null,
    unique (account_id, key)
);
create index idempotency_by_age on idempotency (created_at);

create table tariffs (
    method      text    not null primary key,
    price       bigint not null check (price >= 0),
    description text    not null,
    rules       text    not null,
    updated_at  bigint not null
);
create table rates (
    currency   text    not null primary key,
    rate       bigint not null check (rate > 0),
    updated_at bigint not null
);

create table caps (
    id           uuid    not null primary key,
    account_id   uuid    not null references accounts (id),
    project_id   uuid    references projects (id),
    key_id       uuid    references api_keys (id),
    period       text    not null check (period in ('day', 'month')),
    amount       bigint not null check (amount >= 0),
    warn_percent bigint not null,
    created_at   bigint not null,
    check ((project_id is null) <> (key_id is null))
);
create index caps_by_account on caps (account_id);
