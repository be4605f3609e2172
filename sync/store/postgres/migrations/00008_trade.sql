-- +goose Up
-- Swaps of two priorities, each with how far it has come. A request is in one at a time.
CREATE TABLE trade (
    id      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    lock    BIGINT NOT NULL,
    is_open BIGINT NOT NULL,
    down    TEXT COLLATE "C" NOT NULL, -- card that gives its slot
    up      TEXT COLLATE "C" NOT NULL, -- card that has it then
    doc     TEXT NOT NULL
);
CREATE UNIQUE INDEX trade_down ON trade (down) WHERE is_open = 1;
CREATE UNIQUE INDEX trade_up ON trade (up) WHERE is_open = 1;
