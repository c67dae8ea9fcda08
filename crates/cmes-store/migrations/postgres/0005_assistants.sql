-- Dialogues with assistants, what was said in them, and what was handed over with it; see the SQLite twin
-- of the same name for what each column holds and why.

create table channels (
    key            bigint generated always as identity primary key,
    account_id     uuid   not null references accounts (id),
    id             uuid   not null,
    external_id    bigint not null default 0,
    system         text   not null,
    user_name      text   not null,
    assistant_name text   not null,
    context        text   not null default '',
    is_active      boolean not null default true,
    bases          text,
    created_at     bigint not null,
    updated_at     bigint not null,
    unique (account_id, id)
);
create unique index channels_by_external_id on channels (account_id, external_id) where external_id <> 0;

create table messages (
    key         bigint generated always as identity primary key,
    account_id  uuid   not null,
    channel_key bigint not null references channels (key) on delete cascade,
    id          uuid   not null,
    external_id bigint not null default 0,
    speaker     text   not null check (speaker in ('user', 'assistant')),
    text        text   not null,
    period      bigint not null,
    articles    text   not null default '[]',
    answers_key bigint unique references messages (key) on delete cascade,
    state       text   not null check (state in ('stored', 'waiting', 'answered', 'failed')),
    created_at  bigint not null,
    unique (account_id, id)
);
create unique index messages_by_external_id on messages (account_id, external_id) where external_id <> 0;
create index messages_in_history on messages (channel_key, period, key);

create table attachments (
    key           bigint generated always as identity primary key,
    channel_key   bigint not null references channels (key) on delete cascade,
    message_key   bigint not null references messages (key) on delete cascade,
    context       text   not null,
    text          text   not null,
    words         bytea  not null,
    words_version bigint not null
);
create index attachments_of_channel on attachments (channel_key, key);
create index attachments_of_message on attachments (message_key);

alter table tasks add column channel_key bigint;
alter table tasks add column message_key bigint;
alter table tasks add column place bigint;
create index tasks_in_channel on tasks (channel_key, place) where outcome is null and channel_key is not null;
