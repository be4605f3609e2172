-- +goose Up
-- What was decided about contracts and is in no tracker. Rows are only ever added.
CREATE TABLE decision (
    id  TEXT NOT NULL PRIMARY KEY,
    seq INTEGER NOT NULL, -- data sequence of the commit
    n   INTEGER NOT NULL, -- place in it
    doc TEXT NOT NULL
) STRICT;
-- The ledgers of contracts, each entry with its link. Rows are only ever added.
CREATE TABLE ledger (
    unit TEXT NOT NULL,
    seq  INTEGER NOT NULL,
    link TEXT NOT NULL,
    doc  TEXT NOT NULL,
    PRIMARY KEY (unit, seq)
) STRICT;
-- Times that are over in which a source was not read. Rows are only ever added.
CREATE TABLE outage (
    tracker TEXT NOT NULL,
    source  TEXT NOT NULL,
    from_at INTEGER NOT NULL,
    to_at   INTEGER NOT NULL,
    PRIMARY KEY (tracker, source, from_at)
) STRICT;
