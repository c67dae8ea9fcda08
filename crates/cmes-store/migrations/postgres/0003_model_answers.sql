-- Answers of language models by question; see the SQLite twin of the same name.
create table model_answers (
    key        text   not null primary key,
    answer     text   not null,
    created_at bigint not null
);
create index model_answers_by_age on model_answers (created_at);
