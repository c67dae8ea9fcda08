-- Held money, tasks, the queue, webhooks, idempotency, tariffs that can be
-- changed while the server runs. The PostgreSQL twin has the same name.

-- Money that running tasks have set aside; not part of `balance`, which is what can be spent.
alter table accounts add column held integer not null default 0 check (held >= 0);
-- Where warnings about money go, and below which balance one is sent.
alter table accounts add column warning_url text;
alter table accounts add column warning_balance integer;

-- SQLite cannot change a check in place, so the ledger is made anew around its rows.
create table new_ledger (
    id           blob    not null primary key,
    account_id   blob    not null references accounts (id),
    kind         text    not null check (kind in ('top-up', 'hold', 'capture', 'release', 'adjustment')),
    -- What the row adds to `accounts.balance`, and to `accounts.held`.
    amount       integer not null,
    held         integer not null,
    -- What happened, named so that it cannot be booked twice: 'task/<id>/lead/1'.
    key          text    not null unique,
    -- The task that pays and by whom it was asked for; null for money from outside.
    -- No foreign key to tasks: those are deleted after a while, the ledger never.
    task_id      blob,
    project_id   blob,
    key_id       blob,
    method       text,
    note         text    not null,
    -- When the paid request came, by which consumption is told; and when the row was written.
    requested_at integer not null,
    created_at   integer not null
) strict;
insert into new_ledger (id, account_id, kind, amount, held, key, note, requested_at, created_at)
    select id, account_id, kind, amount, 0, 'top-up/' || lower(hex(id)), note, created_at, created_at from ledger;
drop table ledger;
alter table new_ledger rename to ledger;
create index ledger_by_account on ledger (account_id, created_at);
create index ledger_by_task on ledger (task_id) where task_id is not null;
create index ledger_consumption on ledger (account_id, requested_at) where kind = 'capture';
create trigger ledger_is_never_changed before update on ledger
begin select raise(abort, 'ledger rows are never changed'); end;
create trigger ledger_is_never_deleted before delete on ledger
begin select raise(abort, 'ledger rows are never deleted'); end;

-- One call of a billable or asynchronous method, from its acceptance until its result is too old.
create table tasks (
    id             blob    not null primary key,
    account_id     blob    not null references accounts (id),
    project_id     blob    not null references projects (id),
    key_id         blob    not null references api_keys (id),
    -- The record of the Idempotency-Key with which it was asked for.
    idempotency_id blob    unique,
    method         text    not null,
    -- What to do, as JSON for the worker; emptied when it has ended.
    work           text    not null,
    -- Where to tell about the end, and the request that is told with it.
    webhook_url    text,
    request        text,
    -- Price of one lead; what is set aside now; what was paid so far.
    price          integer not null,
    held           integer not null check (held >= 0),
    charged        integer not null default 0,
    progress       integer not null default 0,
    -- Null while it goes on.
    outcome        text    check (outcome in ('success', 'error', 'cancelled')),
    -- The answer's body, or the failure as data.
    result         text,
    created_at     integer not null,
    ended_at       integer
) strict;
create index tasks_by_account on tasks (account_id, created_at);
create index tasks_by_end on tasks (ended_at) where ended_at is not null;
create index tasks_with_held_money on tasks (account_id) where held > 0;

-- Work that is to be done: a row exists only until it is done, so the table stays small.
create table jobs (
    -- The task's or delivery's own identifier.
    id         blob    not null primary key,
    -- 'task': for any worker; 'call': a synchronous call, for the process that answers it; 'webhook'.
    kind       text    not null check (kind in ('task', 'call', 'webhook')),
    account_id blob    not null references accounts (id),
    state      text    not null check (state in ('ready', 'running', 'waiting')),
    -- Place in the line: of each account, one job has the same turn as one job of every other account.
    turn       integer not null,
    -- When a waiting job becomes ready; until when a running one is leased.
    due_at     integer not null,
    -- Which process runs it; with `attempts` it names one lease, so that a late one has no effect.
    worker     blob,
    attempts   integer not null default 0,
    created_at integer not null
) strict;
create index jobs_in_line on jobs (kind, state, turn, created_at);
create index jobs_of_account on jobs (account_id, kind, state, turn);
create index jobs_due on jobs (due_at) where state <> 'ready';
create index jobs_of_worker on jobs (worker) where worker is not null;

-- One message to one address, until it arrives or is given up.
create table deliveries (
    -- With 'msg_' before it, the webhook-id of every attempt.
    id          blob    not null primary key,
    account_id  blob    not null references accounts (id),
    task_id     blob,
    -- What is told, where it may be told only once: 'cap/<id>/2026-11'.
    key         text    unique,
    url         text    not null,
    body        text    not null,
    state       text    not null check (state in ('pending', 'delivered', 'failed')),
    attempts    integer not null default 0,
    created_at  integer not null,
    ended_at    integer
) strict;
create index deliveries_by_account on deliveries (account_id, created_at);
create index deliveries_by_task on deliveries (task_id) where task_id is not null;
create index deliveries_by_end on deliveries (ended_at) where ended_at is not null;

create table delivery_attempts (
    delivery_id blob    not null references deliveries (id) on delete cascade,
    number      integer not null,
    -- The receiver's status, or null and the reason why there is none.
    status      integer,
    error       text,
    duration_ms integer not null,
    created_at  integer not null,
    primary key (delivery_id, number)
) strict, without rowid;

-- Keys with which webhooks are signed. Kept as they are, because they are needed to sign.
create table webhook_secrets (
    account_id blob    not null references accounts (id),
    secret     text    not null,
    created_at integer not null,
    -- After a rotation the old one signs too, until then.
    expires_at integer,
    primary key (account_id, secret)
) strict, without rowid;

-- First answers to requests with an Idempotency-Key.
create table idempotency (
    id           blob    not null primary key,
    account_id   blob    not null references accounts (id),
    key          text    not null,
    -- SHA-256 of path and body.
    fingerprint  blob    not null,
    -- While the first request runs; its process renews it.
    leased_until integer,
    status       integer,
    content_type text,
    body         blob,
    created_at   integer not null,
    unique (account_id, key)
) strict;
create index idempotency_by_age on idempotency (created_at);

-- Prices and rates that the operator set while running; they overrule the configuration's.
create table tariffs (
    method      text    not null primary key,
    price       integer not null check (price >= 0),
    description text    not null,
    rules       text    not null,
    updated_at  integer not null
) strict;
create table rates (
    currency   text    not null primary key,
    rate       integer not null check (rate > 0),
    updated_at integer not null
) strict;

-- Most that a key or a project may spend in a day or month (UTC).
create table caps (
    id           blob    not null primary key,
    account_id   blob    not null references accounts (id),
    -- One of the two.
    project_id   blob    references projects (id),
    key_id       blob    references api_keys (id),
    period       text    not null check (period in ('day', 'month')),
    amount       integer not null check (amount >= 0),
    -- Share of the amount at which a warning is sent.
    warn_percent integer not null,
    created_at   integer not null,
    check ((project_id is null) <> (key_id is null))
) strict;
create index caps_by_account on caps (account_id);
