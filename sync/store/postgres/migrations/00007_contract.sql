-- +goose Up
-- What was decided about contracts and is in no tracker. Rows are only ever added.
CREATE TABLE decision (
    id  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL, -- data sequence of the commit
    n   BIGINT NOT NULL, -- place in it
    doc TEXT NOT NULL
);
-- The ledgers of contracts, each entry with its link. Rows are only ever added.
CREATE TABLE ledger (
    unit TEXT COLLATE "C" NOT NULL,
    seq  BIGINT NOT NULL,
    link TEXT NOT NULL,
    doc  TEXT NOT NULL,
    PRIMARY KEY (unit, seq)
);
-- Times that are over in which a source was not read. Rows are only ever added.
CREATE TABLE outage (
    tracker TEXT COLLATE "C" NOT NULL,
    source  TEXT COLLATE "C" NOT NULL,
    from_at BIGINT NOT NULL,
    to_at   BIGINT NOT NULL,
    PRIMARY KEY (tracker, source, from_at)
);
