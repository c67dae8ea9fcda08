-- The directory: companies known to this server, as public pages or an imported list tell of them. It belongs to the
-- server and to no account, and holds no personal data. The PostgreSQL twin has the same name.

create table companies (
    key         integer primary key autoincrement,
    -- The registrable domain, lower case, as in DNS: one company a domain.
    domain      text    not null unique,
    -- The host of its site, without `www.`; mostly the domain itself.
    host        text    not null,
    name        text    not null,
    -- ISO 3166-1 alpha-2; empty where it is not known, like the texts that follow.
    country     text    not null,
    region      text    not null,
    city        text    not null,
    -- What it does.
    about       text    not null,
    -- Number of employees, or a range, as it was told.
    employees   text    not null,
    -- ISO 639-1.
    language    text    not null,
    -- Where the row was last changed from.
    source      text    not null check (source in ('import', 'enrichment')),
    updated_at  integer not null,
    -- The number of the row's last change, higher than that of every change before: indices in memory read what is new.
    change      integer not null unique,
    -- Who made the vector; empty when none is made of the row as it is. The vector is null then, and empty
    -- when the text cannot be embedded.
    embedder    text    not null default '',
    vector      blob
) strict;
create index companies_to_embed on companies (embedder, key);
create index companies_by_country on companies (country, domain);

-- One row, locked by whoever changes companies, so that changes get their numbers in the order of commits.
create table directory (
    id           integer primary key check (id = 1),
    -- The number of the last change.
    change       integer not null default 0,
    -- Indices that are older than this change are built anew: something was deleted.
    deleted_at   integer not null default 0,
    -- The process that makes vectors, and until when nobody else does.
    worker       blob,
    leased_until integer not null default 0
) strict;
insert into directory (id) values (1);
