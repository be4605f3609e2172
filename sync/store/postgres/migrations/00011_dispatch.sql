-- +goose Up
-- Digests on their way, each to one receiver, with how far it has come.
CREATE TABLE dispatch (
    id      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    lock    BIGINT NOT NULL,
    is_open BIGINT NOT NULL,
    digest  TEXT COLLATE "C" NOT NULL, -- what is sent: the same to all receivers
    doc     TEXT NOT NULL
);
CREATE INDEX dispatch_open ON dispatch (id) WHERE is_open = 1;
CREATE INDEX dispatch_digest ON dispatch (digest);
