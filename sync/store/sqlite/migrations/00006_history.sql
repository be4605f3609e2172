-- +goose Up
-- How far the issue's history was imported: a sequence, or one of the states of HistoryMark.
ALTER TABLE issue ADD COLUMN history INTEGER NOT NULL DEFAULT 0;
CREATE INDEX issue_history ON issue (tracker, id) WHERE history >= -1;
