-- What cosines of an embedder mean: how near it finds texts that have nothing to do with each other, and questions and
-- their answers, measured once with a list of pairs. Both are null when its vectors do not tell the two apart.
-- The rows can be deleted at any time: they are measured again. The PostgreSQL twin has the same name.
create table nearness (
    -- The embedder's identity, and the SHA-256 of the texts that it was measured with.
    embedder  text not null,
    texts     blob not null,
    unrelated real,
    related   real,
    primary key (embedder, texts)
) strict, without rowid;
