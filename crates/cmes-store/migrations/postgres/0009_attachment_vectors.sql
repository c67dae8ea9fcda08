-- Vectors of what was handed over with messages. The SQLite twin has the same name.

-- SHA-256 of context and text: a piece that is handed over again in a channel is embedded once. Null in rows that are
-- older than this column: those are found by their words.
alter table attachments add column hash bytea;
-- As in `chunks`: the vector, empty where the embedder refused the text, and the identity of the embedder that made it.
alter table attachments add column vector bytea;
alter table attachments add column embedder text;
