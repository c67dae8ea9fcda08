-- Leads as they are finished; see the SQLite twin of the same name for what each column holds and why.

create table leads (
    task_id    uuid    not null references tasks (id) on delete cascade,
    number     bigint  not null,
    domain     text    not null,
    fit        bigint  not null,
    body       text    not null,
    is_paid    boolean not null,
    created_at bigint  not null,
    primary key (task_id, number),
    unique (task_id, domain)
);
