-- +goose Up
-- Comments of Parley's own, by the key that they were asked for under.
CREATE TABLE remark (
    id      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    lock    BIGINT NOT NULL,
    tracker TEXT COLLATE "C" NOT NULL,
    issue   TEXT COLLATE "C" NOT NULL,
    is_open BIGINT NOT NULL,
    dirty   BIGINT NOT NULL, -- 1: needs a step at next_at
    next_at BIGINT NOT NULL,
    doc     TEXT NOT NULL
);
CREATE INDEX remark_due ON remark (next_at, id) WHERE dirty = 1;
CREATE INDEX remark_open ON remark (id) WHERE is_open = 1;
CREATE INDEX remark_issue ON remark (tracker, issue, id);
