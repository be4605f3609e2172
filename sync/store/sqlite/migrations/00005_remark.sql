-- +goose Up
-- Comments of Parley's own, by the key that they were asked for under.
CREATE TABLE remark (
    id      TEXT NOT NULL PRIMARY KEY,
    lock    INTEGER NOT NULL,
    tracker TEXT NOT NULL,
    issue   TEXT NOT NULL,
    is_open INTEGER NOT NULL,
    dirty   INTEGER NOT NULL, -- 1: needs a step at next_at
    next_at INTEGER NOT NULL,
    doc     TEXT NOT NULL
) STRICT;
CREATE INDEX remark_due ON remark (next_at, id) WHERE dirty = 1;
CREATE INDEX remark_open ON remark (id) WHERE is_open = 1;
CREATE INDEX remark_issue ON remark (tracker, issue, id);
