-- +goose Up
-- Questions that IT put to the business, each with how far it has come. A question has one
-- place for ever; what was asked, answered and concluded of it is recorded as decisions.
CREATE TABLE question (
    id      TEXT NOT NULL PRIMARY KEY,
    lock    INTEGER NOT NULL,
    card    TEXT NOT NULL,
    is_open INTEGER NOT NULL, -- something is still to be done, if only to forget its words
    next_at INTEGER NOT NULL, -- not before
    doc     TEXT NOT NULL
) STRICT;
CREATE INDEX question_card ON question (card, id);
CREATE INDEX question_due ON question (next_at, id) WHERE is_open = 1;
