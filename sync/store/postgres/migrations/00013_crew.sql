-- +goose Up
-- Several processes on one store: how often a lease was taken from a holder that had not
-- given it back, and what the processes that work on cards have to tell the one that decides.
ALTER TABLE lease ADD COLUMN taken BIGINT NOT NULL DEFAULT 0;
CREATE INDEX lease_held ON lease (name) WHERE owner <> '';
CREATE TABLE notice (
    id   BIGINT NOT NULL PRIMARY KEY,
    hold TEXT COLLATE "C" NOT NULL, -- what is not to be sent before somebody heard it
    doc  TEXT NOT NULL
);
CREATE INDEX notice_hold ON notice (hold) WHERE hold <> '';
