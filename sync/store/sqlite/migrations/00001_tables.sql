-- +goose Up
-- Times are microseconds since 1970 in UTC, 0 for none; truth values are 0 or 1.
CREATE TABLE data_seq (
    n INTEGER NOT NULL
) STRICT;
INSERT INTO data_seq (n) VALUES (0);

CREATE TABLE card (
    id           TEXT NOT NULL PRIMARY KEY,
    lock         INTEGER NOT NULL, -- version of this row, for optimistic locking
    seq          INTEGER NOT NULL, -- data sequence of the last change
    rev          INTEGER NOT NULL, -- revision people see
    doc          TEXT NOT NULL,
    face         TEXT NOT NULL,
    search       TEXT NOT NULL, -- title and keys, lower case
    column_key   TEXT NOT NULL,
    priority_key TEXT NOT NULL,
    unit         TEXT NOT NULL,
    paired       INTEGER NOT NULL, -- 1: it has both sides
    dirty        INTEGER NOT NULL, -- 1: it needs another step
    next_at      INTEGER NOT NULL, -- of that step
    touched      INTEGER NOT NULL  -- lock at which a step was last asked for from outside
) STRICT;
CREATE INDEX card_seq ON card (seq);
CREATE INDEX card_due ON card (next_at, id) WHERE dirty = 1;
CREATE INDEX card_column ON card (column_key);

CREATE TABLE alias (
    old_id TEXT NOT NULL PRIMARY KEY,
    new_id TEXT NOT NULL,
    seq    INTEGER NOT NULL
) STRICT;
CREATE INDEX alias_new ON alias (new_id);
CREATE INDEX alias_seq ON alias (seq);

CREATE TABLE op (
    id         TEXT NOT NULL PRIMARY KEY,
    card       TEXT NOT NULL,
    tracker    TEXT NOT NULL,
    issue      TEXT NOT NULL,
    state      TEXT NOT NULL,
    is_open    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    closed_at  INTEGER NOT NULL, -- 0: not closed
    doc        TEXT NOT NULL
) STRICT;
CREATE INDEX op_card ON op (card);
CREATE INDEX op_open ON op (created_at, id) WHERE is_open = 1;
CREATE INDEX op_closed ON op (closed_at) WHERE is_open = 0;

-- What the trackers recorded, in their own values. Never updated.
CREATE TABLE event (
    tracker   TEXT NOT NULL,
    source_id TEXT NOT NULL,
    seq       INTEGER NOT NULL,
    issue     TEXT NOT NULL,
    at        INTEGER NOT NULL,
    actor     TEXT NOT NULL,
    own       INTEGER NOT NULL,
    op        TEXT NOT NULL,
    changes   TEXT NOT NULL,
    PRIMARY KEY (tracker, source_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_issue ON event (tracker, issue);

-- Edits that lost. Only state and card are ever updated.
CREATE TABLE conflict (
    id    TEXT NOT NULL PRIMARY KEY,
    card  TEXT NOT NULL,
    field TEXT NOT NULL,
    at    INTEGER NOT NULL,
    state TEXT NOT NULL,
    doc   TEXT NOT NULL
) STRICT;
CREATE INDEX conflict_card ON conflict (card);
CREATE INDEX conflict_state ON conflict (state, at);

-- Who did what, and why. Only card is ever updated.
CREATE TABLE activity (
    seq   INTEGER NOT NULL,
    n     INTEGER NOT NULL, -- place within the commit
    at    INTEGER NOT NULL,
    card  TEXT NOT NULL,
    kind  TEXT NOT NULL,
    actor TEXT NOT NULL,
    side  TEXT NOT NULL,
    field TEXT NOT NULL,
    op    TEXT NOT NULL,
    line  TEXT NOT NULL,
    PRIMARY KEY (seq, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX activity_card ON activity (card, seq);

CREATE TABLE issue (
    tracker    TEXT NOT NULL,
    id         TEXT NOT NULL,
    issue_key  TEXT NOT NULL,
    key_fold   TEXT NOT NULL, -- lower case
    container  TEXT NOT NULL,
    issue_type TEXT NOT NULL,
    status     TEXT NOT NULL,
    card       TEXT NOT NULL,
    token      INTEGER NOT NULL,
    hash       TEXT NOT NULL,
    links_read INTEGER NOT NULL,
    PRIMARY KEY (tracker, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX issue_key_fold ON issue (key_fold);
CREATE INDEX issue_card ON issue (card);
CREATE INDEX issue_status ON issue (tracker, container, status);
CREATE INDEX issue_links ON issue (tracker, id) WHERE links_read = 0;

CREATE TABLE mention (
    tracker     TEXT NOT NULL,
    issue       TEXT NOT NULL,
    method      TEXT NOT NULL,
    target_fold TEXT NOT NULL, -- lower case
    target      TEXT NOT NULL,
    PRIMARY KEY (tracker, issue, method, target_fold)
) STRICT, WITHOUT ROWID;
CREATE INDEX mention_target ON mention (target_fold);

CREATE TABLE parting (
    a_tracker TEXT NOT NULL,
    a_issue   TEXT NOT NULL,
    b_tracker TEXT NOT NULL,
    b_issue   TEXT NOT NULL,
    parted_by TEXT NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (a_tracker, a_issue, b_tracker, b_issue)
) STRICT, WITHOUT ROWID;

CREATE TABLE edge (
    tracker     TEXT NOT NULL,
    project     TEXT NOT NULL,
    issue_type  TEXT NOT NULL,
    from_status TEXT NOT NULL,
    to_status   TEXT NOT NULL,
    transition  TEXT NOT NULL,
    is_global   INTEGER NOT NULL,
    required    TEXT NOT NULL,
    seen_at     INTEGER NOT NULL,
    PRIMARY KEY (tracker, project, issue_type, from_status, to_status, transition)
) STRICT, WITHOUT ROWID;

CREATE TABLE source (
    tracker    TEXT NOT NULL,
    source     TEXT NOT NULL,
    cursor_doc TEXT NOT NULL,
    feed_head  INTEGER NOT NULL,
    ok_at      INTEGER NOT NULL,
    tried_at   INTEGER NOT NULL,
    problem    TEXT NOT NULL,
    retry_at   INTEGER NOT NULL,
    requests   INTEGER NOT NULL,
    imported   INTEGER NOT NULL,
    PRIMARY KEY (tracker, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE directory (
    tracker TEXT NOT NULL PRIMARY KEY,
    kind    TEXT NOT NULL,
    doc     TEXT NOT NULL,
    at      INTEGER NOT NULL
) STRICT;

CREATE TABLE answer (
    intent TEXT NOT NULL PRIMARY KEY,
    doc    TEXT NOT NULL,
    at     INTEGER NOT NULL
) STRICT;
CREATE INDEX answer_at ON answer (at);

CREATE TABLE lease (
    name     TEXT NOT NULL PRIMARY KEY,
    owner    TEXT NOT NULL,
    epoch    INTEGER NOT NULL,
    until_at INTEGER NOT NULL
) STRICT;
