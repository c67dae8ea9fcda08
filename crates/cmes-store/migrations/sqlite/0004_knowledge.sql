-- Knowledge bases, their articles, and the passages by which they are found.
-- The PostgreSQL twin has the same name.
--
-- Clients choose identifiers, so those are unique within an account alone: a conflict with another
-- account's would tell that it exists. Rows refer to each other by a `key` of the database's own.

-- The last number that was given out as a `Code`; knowledge bases and articles share the sequence.
alter table accounts add column last_code integer not null default 0;

-- The numbers that are taken; a number is not used again, also when its owner is deleted.
create table knowledge_codes (
    account_id blob    not null references accounts (id),
    code       integer not null,
    primary key (account_id, code)
) strict, without rowid;

create table knowledge_bases (
    key         integer primary key autoincrement,
    account_id  blob    not null references accounts (id),
    id          blob    not null,
    -- The client's number; 0 = none.
    external_id integer not null default 0,
    code        integer not null,
    name        text    not null,
    body        text    not null default '',
    -- Its most telling words, made at the end of indexing.
    content     text    not null default '',
    -- Rises with every change of what search finds, in the transaction of the change.
    version     integer not null default 0,
    -- The identity of the job that indexes it, and of the one that makes the vectors, once there was one.
    job_id      blob    not null unique,
    embed_job_id blob   unique,
    -- By which version of the words and by whose vectors all its articles are indexed, or are to be.
    words_version integer not null default 0,
    embedder    text    not null default '',
    -- The version of which `content` is.
    content_version integer not null default 0,
    -- Removals up to this version are forgotten (see article_removals).
    forgotten_version integer not null default 0,
    created_at  integer not null,
    updated_at  integer not null,
    unique (account_id, id),
    unique (account_id, code)
) strict;
create unique index knowledge_bases_by_external_id on knowledge_bases (account_id, external_id) where external_id <> 0;

create table articles (
    key         integer primary key autoincrement,
    account_id  blob    not null references accounts (id),
    base_key    integer not null references knowledge_bases (key),
    -- The section that it stands in; null at the top level.
    parent_key  integer references articles (key),
    id          blob    not null,
    external_id integer not null default 0,
    code        integer not null,
    name        text    not null,
    tokens      integer not null default 0,
    -- Rises with every change of what is to be indexed (name, body, place in the tree).
    revision    integer not null default 1,
    -- 'pending': passages are to be made; 'words': found by words, its vectors are to be made; 'indexed'; 'failed'.
    state       text    not null default 'pending' check (state in ('pending', 'words', 'indexed', 'failed')),
    failure     text,
    -- The base's version when its passages changed last.
    version     integer not null default 0,
    -- Its most telling words with their counts, of which the base's are made.
    terms       text    not null default '',
    -- Where it was imported from, by which an import knows it again; null when it was not.
    source      text,
    -- SHA-256 of what was imported.
    source_hash blob,
    created_at  integer not null,
    updated_at  integer not null,
    -- As it was given: text or HTML. It stands last, so that reading the others does not read through it.
    body        text    not null default '',
    unique (account_id, id),
    unique (account_id, code)
) strict;
create unique index articles_by_external_id on articles (account_id, external_id) where external_id <> 0;
create unique index articles_by_source on articles (base_key, source) where source is not null;
create index articles_in_tree on articles (base_key, parent_key, code);
create index articles_listed on articles (base_key, code);
-- Holds all that a base's figures are made of.
create index articles_counted on articles (base_key, state, tokens);
create index articles_of_parent on articles (parent_key) where parent_key is not null;
create index articles_changed on articles (base_key, version);
-- SQLite uses it where one of the two terms is asked for word by word.
create index articles_to_index on articles (base_key, state, key) where state = 'pending' or state = 'words';

-- Pieces of articles: what search finds. What the index of a process needs of them stands before the text.
create table chunks (
    key         integer primary key autoincrement,
    base_key    integer not null references knowledge_bases (key),
    article_key integer not null references articles (key) on delete cascade,
    -- Place in the article, from 0.
    position    integer not null,
    -- SHA-256 of context and text: a piece that stays as it was keeps its vector.
    hash        blob    not null,
    tokens      integer not null,
    -- Its words, as the index counts them, and the version of that form.
    words       blob    not null,
    words_version integer not null,
    -- Its meaning, and by which model; null until it is made.
    vector      blob,
    embedder    text,
    -- The path of sections and headings above it.
    context     text    not null,
    text        text    not null,
    unique (article_key, position)
) strict;
create index chunks_by_base on chunks (base_key, article_key, position);

-- Articles that were deleted, so that indices in memory hear of it.
create table article_removals (
    base_key    integer not null,
    version     integer not null,
    article_key integer not null,
    created_at  integer not null,
    primary key (base_key, version, article_key)
) strict, without rowid;
create index article_removals_by_age on article_removals (created_at);

-- Two further kinds of job: 'index', one for a knowledge base, for as long as passages are to be made of its
-- articles, and 'embed', one for as long as vectors are to be made of its passages. They are two because the first
-- takes milliseconds and the second minutes: an edit does not wait behind another base's vectors.
-- SQLite cannot change a check in place.
create table new_jobs (
    id         blob    not null primary key,
    kind       text    not null check (kind in ('task', 'call', 'webhook', 'index', 'embed')),
    account_id blob    not null references accounts (id),
    state      text    not null check (state in ('ready', 'running', 'waiting')),
    turn       integer not null,
    due_at     integer not null,
    worker     blob,
    attempts   integer not null default 0,
    created_at integer not null
) strict;
insert into new_jobs select id, kind, account_id, state, turn, due_at, worker, attempts, created_at from jobs;
drop table jobs;
alter table new_jobs rename to jobs;
create index jobs_in_line on jobs (kind, state, turn, created_at);
create index jobs_of_account on jobs (account_id, kind, state, turn);
create index jobs_due on jobs (due_at) where state <> 'ready';
create index jobs_of_worker on jobs (worker) where worker is not null;
