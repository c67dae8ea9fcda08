-- Knowledge bases, their articles, and the passages by which they are found; see the SQLite twin
-- of the same name for what each column holds and why.

alter table accounts add column last_code bigint not null default 0;

create table knowledge_codes (
    account_id uuid   not null references accounts (id),
    code       bigint not null,
    primary key (account_id, code)
);

create table knowledge_bases (
    key         bigint generated always as identity primary key,
    account_id  uuid   not null references accounts (id),
    id          uuid   not null,
    external_id bigint not null default 0,
    code        bigint not null,
    name        text   not null,
    body        text   not null default '',
    content     text   not null default '',
    version     bigint not null default 0,
    job_id      uuid   not null unique,
    embed_job_id uuid  unique,
    words_version bigint not null default 0,
    embedder    text   not null default '',
    content_version bigint not null default 0,
    forgotten_version bigint not null default 0,
    created_at  bigint not null,
    updated_at  bigint not null,
    unique (account_id, id),
    unique (account_id, code)
);
create unique index knowledge_bases_by_external_id on knowledge_bases (account_id, external_id) where external_id <> 0;

create table articles (
    key         bigint generated always as identity primary key,
    account_id  uuid   not null references accounts (id),
    base_key    bigint not null references knowledge_bases (key),
    parent_key  bigint references articles (key),
    id          uuid   not null,
    external_id bigint not null default 0,
    code        bigint not null,
    name        text   not null,
    tokens      bigint not null default 0,
    revision    bigint not null default 1,
    state       text   not null default 'pending' check (state in ('pending', 'words', 'indexed', 'failed')),
    failure     text,
    version     bigint not null default 0,
    terms       text   not null default '',
    source      text,
    source_hash bytea,
    created_at  bigint not null,
    updated_at  bigint not null,
    body        text   not null default '',
    unique (account_id, id),
    unique (account_id, code)
);
create unique index articles_by_external_id on articles (account_id, external_id) where external_id <> 0;
create unique index articles_by_source on articles (base_key, source) where source is not null;
create index articles_in_tree on articles (base_key, parent_key, code);
create index articles_listed on articles (base_key, code);
create index articles_counted on articles (base_key, state, tokens);
create index articles_of_parent on articles (parent_key) where parent_key is not null;
create index articles_changed on articles (base_key, version);
create index articles_to_index on articles (base_key, state, key) where state = 'pending' or state = 'words';

create table chunks (
    key         bigint generated always as identity primary key,
    base_key    bigint not null references knowledge_bases (key),
    article_key bigint not null references articles (key) on delete cascade,
    position    bigint not null,
    hash        bytea  not null,
    tokens      bigint not null,
    words       bytea  not null,
    words_version bigint not null,
    vector      bytea,
    embedder    text,
    context     text   not null,
    text        text   not null,
    unique (article_key, position)
);
create index chunks_by_base on chunks (base_key, article_key, position);

create table article_removals (
    base_key    bigint not null,
    version     bigint not null,
    article_key bigint not null,
    created_at  bigint not null,
    primary key (base_key, version, article_key)
);
create index article_removals_by_age on article_removals (created_at);

alter table jobs drop constraint jobs_kind_check;
alter table jobs add constraint jobs_kind_check check (kind in ('task', 'call', 'webhook', 'index', 'embed'));
