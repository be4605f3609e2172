-- +goose Up
-- 1: the card's twin is being created, or waits to be.
ALTER TABLE card ADD COLUMN creating INTEGER NOT NULL DEFAULT 0;
CREATE INDEX card_creating ON card (id) WHERE creating = 1;
