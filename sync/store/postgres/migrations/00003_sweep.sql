-- +goose Up
-- A source is read by more than one tier: '' is the fast poll.
ALTER TABLE source ADD COLUMN tier TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE source DROP CONSTRAINT source_pkey;
ALTER TABLE source ADD PRIMARY KEY (tracker, source, tier);

-- When a full sweep last saw the issue, and the number at the end of its key.
ALTER TABLE issue ADD COLUMN swept_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE issue ADD COLUMN number BIGINT NOT NULL DEFAULT 0;
UPDATE issue SET number = substring(issue_key from '(?:^|[^0-9])([0-9]{1,18})$')::bigint
    WHERE issue_key ~ '(^|[^0-9])[0-9]{1,18}$';
CREATE INDEX issue_number ON issue (tracker, container, number, id);

ALTER TABLE op ADD COLUMN sent_at BIGINT NOT NULL DEFAULT 0; -- 0: not sent
UPDATE op SET sent_at = (extract(epoch from substring(doc from '"sent_at":"([^"]*)"')::timestamptz) * 1000000)::bigint
    WHERE doc ~ '"sent_at":"[^"]';
CREATE INDEX op_sent ON op (sent_at, id) WHERE sent_at > 0;

-- What could not be understood, or kept failing.
CREATE TABLE quarantine (
    tracker     TEXT COLLATE "C" NOT NULL,
    issue       TEXT COLLATE "C" NOT NULL,
    issue_key   TEXT NOT NULL,
    fingerprint TEXT NOT NULL, -- of the input and of what read it
    reason      TEXT NOT NULL,
    tries       BIGINT NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (tracker, issue)
);

CREATE TABLE plan (
    hash  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    items BYTEA NOT NULL,
    at    BIGINT NOT NULL
);
