-- What a task's owner should know although it goes well, such as a provider of search that does not answer: a list of
-- sentences as JSON. Null while there is nothing.
-- The PostgreSQL twin has the same name.
alter table tasks add column remarks text;
