-- Leads as they are finished, so that what is found is kept, and paid, while the search for more goes on.
-- The PostgreSQL twin has the same name.

create table leads (
    task_id    blob    not null references tasks (id) on delete cascade,
    -- 1, 2, … in the order in which they were finished.
    number     integer not null,
    -- What the company is known by, so that a run that takes over does not finish it again: its registrable domain.
    domain     text    not null,
    -- How well it fits, in ten-thousandths: the best come first in the result.
    fit        integer not null,
    -- The profile as JSON, as the answer gives it.
    body       text    not null,
    -- Whether its capture is in the ledger; those of a synchronous call are captured when the call ends.
    is_paid    integer not null,
    created_at integer not null,
    primary key (task_id, number),
    unique (task_id, domain)
) strict, without rowid;
