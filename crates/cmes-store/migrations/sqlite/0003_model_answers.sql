-- What language models answered, so that the same question is not asked twice.
-- `key` is the SHA-256 of model and question in hexadecimal digits; neither can be read from it. The rows are
-- a cache: they can be deleted at any time. The PostgreSQL twin has the same name.
create table model_answers (
    key        text    not null primary key,
    answer     text    not null,
    created_at integer not null
) strict, without rowid;
create index model_answers_by_age on model_answers (created_at);
