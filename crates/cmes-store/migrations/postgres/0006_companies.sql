-- The directory: companies known to this server; see the SQLite twin of the same name for what each column holds and why.

create table companies (
    key         bigint generated always as identity primary key,
    domain      text   not null unique,
    host        text   not null,
    name        text   not null,
    country     text   not null,
    region      text   not null,
    city        text   not null,
    about       text   not null,
    employees   text   not null,
    language    text   not null,
    source      text   not null check (source in ('import', 'enrichment')),
    updated_at  bigint not null,
    change      bigint not null unique,
    embedder    text   not null default '',
    vector      bytea
);
create index companies_to_embed on companies (embedder, key);
create index companies_by_country on companies (country, domain);

create table directory (
    id           bigint primary key check (id = 1),
    change       bigint not null default 0,
    deleted_at   bigint not null default 0,
    worker       uuid,
    leased_until bigint not null default 0
);
insert into directory (id) values (1);
