-- +goose Up
-- Questions that IT put to the business, each with how far it has come. A question has one
-- place for ever; what was asked, answered and concluded of it is recorded as decisions.
CREATE TABLE question (
    id      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    lock    BIGINT NOT NULL,
    card    TEXT COLLATE "C" NOT NULL,
    is_open BIGINT NOT NULL, -- something is still to be done, if only to forget its words
    next_at BIGINT NOT NULL, -- not before
    doc     TEXT NOT NULL
);
CREATE INDEX question_card ON question (card, id);
CREATE INDEX question_due ON question (next_at, id) WHERE is_open = 1;
