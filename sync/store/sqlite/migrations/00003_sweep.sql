-- +goose Up
-- A source is read by more than one tier: '' is the fast poll.
CREATE TABLE source_tier (
    tracker    TEXT NOT NULL,
    source     TEXT NOT NULL,
    tier       TEXT NOT NULL,
    cursor_doc TEXT NOT NULL,
    feed_head  INTEGER NOT NULL,
    ok_at      INTEGER NOT NULL,
    tried_at   INTEGER NOT NULL,
    problem    TEXT NOT NULL,
    retry_at   INTEGER NOT NULL,
    requests   INTEGER NOT NULL,
    imported   INTEGER NOT NULL,
    PRIMARY KEY (tracker, source, tier)
) STRICT, WITHOUT ROWID;
INSERT INTO source_tier
    SELECT tracker, source, '', cursor_doc, feed_head, ok_at, tried_at, problem, retry_at, requests, imported FROM source;
DROP TABLE source;
ALTER TABLE source_tier RENAME TO source;

-- When a full sweep last saw the issue, and the number at the end of its key.
ALTER TABLE issue ADD COLUMN swept_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE issue ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
UPDATE issue SET number = CAST(substr(issue_key, max(instr(issue_key, '-'), instr(issue_key, '#')) + 1) AS INTEGER)
    WHERE substr(issue_key, max(instr(issue_key, '-'), instr(issue_key, '#')) + 1) NOT GLOB '*[^0-9]*'
    AND length(substr(issue_key, max(instr(issue_key, '-'), instr(issue_key, '#')) + 1)) <= 18;
CREATE INDEX issue_number ON issue (tracker, container, number, id);

ALTER TABLE op ADD COLUMN sent_at INTEGER NOT NULL DEFAULT 0; -- 0: not sent
UPDATE op SET sent_at = CAST(strftime('%s', json_extract(doc, '$.sent_at')) AS INTEGER) * 1000000
    + CASE WHEN instr(json_extract(doc, '$.sent_at'), '.') = 0 THEN 0
      ELSE CAST(round(CAST('0.' || substr(json_extract(doc, '$.sent_at'), instr(json_extract(doc, '$.sent_at'), '.') + 1, 6) AS REAL) * 1000000) AS INTEGER) END
    WHERE json_extract(doc, '$.sent_at') IS NOT NULL;
CREATE INDEX op_sent ON op (sent_at, id) WHERE sent_at > 0;

-- What could not be understood, or kept failing.
CREATE TABLE quarantine (
    tracker     TEXT NOT NULL,
    issue       TEXT NOT NULL,
    issue_key   TEXT NOT NULL,
    fingerprint TEXT NOT NULL, -- of the input and of what read it
    reason      TEXT NOT NULL,
    tries       INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    PRIMARY KEY (tracker, issue)
) STRICT, WITHOUT ROWID;

CREATE TABLE plan (
    hash  TEXT NOT NULL PRIMARY KEY,
    items BLOB NOT NULL,
    at    INTEGER NOT NULL
) STRICT;
