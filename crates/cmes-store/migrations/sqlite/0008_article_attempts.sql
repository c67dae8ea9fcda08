-- How often the indexing of an article was begun and did not end. Only counted while its base is indexed after an attempt
-- that did not end, so that a text which takes the process with it is found, and left out.
-- The PostgreSQL twin has the same name.
alter table articles add column attempts integer not null default 0;
