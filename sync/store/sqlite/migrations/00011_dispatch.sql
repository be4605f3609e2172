-- +goose Up
-- Digests on their way, each to one receiver, with how far it has come.
CREATE TABLE dispatch (
    id      TEXT NOT NULL PRIMARY KEY,
    lock    INTEGER NOT NULL,
    is_open INTEGER NOT NULL,
    digest  TEXT NOT NULL, -- what is sent: the same to all receivers
    doc     TEXT NOT NULL
) STRICT;
CREATE INDEX dispatch_open ON dispatch (id) WHERE is_open = 1;
CREATE INDEX dispatch_digest ON dispatch (digest);
