-- Dialogues with assistants, what was said in them, and what was handed over with it.
-- The PostgreSQL twin has the same name.
--
-- As with knowledge bases, clients choose identifiers, so those are unique within an account alone.

create table channels (
    key            integer primary key autoincrement,
    account_id     blob    not null references accounts (id),
    id             blob    not null,
    -- The client's number; 0 = none.
    external_id    integer not null default 0,
    system         text    not null,
    user_name      text    not null,
    assistant_name text    not null,
    -- What the dialogue is about, in one sentence; kept current by every answer.
    context        text    not null default '',
    is_active      integer not null default 1 check (is_active in (0, 1)),
    -- Keys of the knowledge bases that it is restricted to, as a JSON array; null = it may use all.
    bases          text,
    created_at     integer not null,
    -- When something was last said or changed. Whoever changes the order of its messages locks the row by it.
    updated_at     integer not null,
    unique (account_id, id)
) strict;
create unique index channels_by_external_id on channels (account_id, external_id) where external_id <> 0;

create table messages (
    key         integer primary key autoincrement,
    account_id  blob    not null,
    channel_key integer not null references channels (key) on delete cascade,
    id          blob    not null,
    external_id integer not null default 0,
    speaker     text    not null check (speaker in ('user', 'assistant')),
    text        text    not null,
    -- When it was said, by the client's own account or ours; the history is ordered by it, then by key.
    period      integer not null,
    -- Codes of the articles that an answer rests on, as a JSON array.
    articles    text    not null default '[]',
    -- The message that an answer belongs to; a message has one answer at most.
    answers_key integer unique references messages (key) on delete cascade,
    -- 'stored': no answer is due; 'waiting': a task is to answer it; 'answered'; 'failed': it can be sent again.
    state       text    not null check (state in ('stored', 'waiting', 'answered', 'failed')),
    created_at  integer not null,
    unique (account_id, id)
) strict;
create unique index messages_by_external_id on messages (account_id, external_id) where external_id <> 0;
create index messages_in_history on messages (channel_key, period, key);

-- Pieces of the material that was handed over with a message, to be found for later answers too.
create table attachments (
    key           integer primary key autoincrement,
    channel_key   integer not null references channels (key) on delete cascade,
    message_key   integer not null references messages (key) on delete cascade,
    -- The headings above it.
    context       text    not null,
    text          text    not null,
    -- Its words, as an index counts them, and by which version of the counting.
    words         blob    not null,
    words_version integer not null
) strict;
create index attachments_of_channel on attachments (channel_key, key);
create index attachments_of_message on attachments (message_key);

-- The message that a task is to answer, and its place among those of its channel: they are answered one after the
-- other. (No foreign keys: a task outlives its channel, and then ends with a failure.)
alter table tasks add column channel_key integer;
alter table tasks add column message_key integer;
alter table tasks add column place integer;
create index tasks_in_channel on tasks (channel_key, place) where outcome is null and channel_key is not null;
