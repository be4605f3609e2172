-- +goose Up
-- Times are microseconds since 1970 in UTC, 0 for none; truth values are 0 or 1.
-- Names sort by bytes, so that every server gives the same order.
CREATE TABLE data_seq (
    n BIGINT NOT NULL
);
INSERT INTO data_seq (n) VALUES (0);

CREATE TABLE card (
    id           TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    lock         BIGINT NOT NULL, -- version of this row, for optimistic locking
    seq          BIGINT NOT NULL, -- data sequence of the last change
    rev          BIGINT NOT NULL, -- revision people see
    doc          TEXT NOT NULL,
    face         TEXT NOT NULL,
    search       TEXT NOT NULL, -- title and keys, lower case
    column_key   TEXT COLLATE "C" NOT NULL,
    priority_key TEXT COLLATE "C" NOT NULL,
    unit         TEXT COLLATE "C" NOT NULL,
    paired       BIGINT NOT NULL, -- 1: it has both sides
    dirty        BIGINT NOT NULL, -- 1: it needs another step
    next_at      BIGINT NOT NULL, -- of that step
    touched      BIGINT NOT NULL  -- lock at which a step was last asked for from outside
);
CREATE INDEX card_seq ON card (seq);
CREATE INDEX card_due ON card (next_at, id) WHERE dirty = 1;
CREATE INDEX card_column ON card (column_key);

CREATE TABLE alias (
    old_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    new_id TEXT COLLATE "C" NOT NULL,
    seq    BIGINT NOT NULL
);
CREATE INDEX alias_new ON alias (new_id);
CREATE INDEX alias_seq ON alias (seq);

CREATE TABLE op (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    card       TEXT COLLATE "C" NOT NULL,
    tracker    TEXT COLLATE "C" NOT NULL,
    issue      TEXT COLLATE "C" NOT NULL,
    state      TEXT NOT NULL,
    is_open    BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    closed_at  BIGINT NOT NULL, -- 0: not closed
    doc        TEXT NOT NULL
);
CREATE INDEX op_card ON op (card);
CREATE INDEX op_open ON op (created_at, id) WHERE is_open = 1;
CREATE INDEX op_closed ON op (closed_at) WHERE is_open = 0;

-- What the trackers recorded, in their own values. Never updated.
CREATE TABLE event (
    tracker   TEXT COLLATE "C" NOT NULL,
    source_id TEXT COLLATE "C" NOT NULL,
    seq       BIGINT NOT NULL,
    issue     TEXT COLLATE "C" NOT NULL,
    at        BIGINT NOT NULL,
    actor     TEXT NOT NULL,
    own       BIGINT NOT NULL,
    op        TEXT NOT NULL,
    changes   TEXT NOT NULL,
    PRIMARY KEY (tracker, source_id)
);
CREATE INDEX event_issue ON event (tracker, issue);

-- Edits that lost. Only state and card are ever updated.
CREATE TABLE conflict (
    id    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    card  TEXT COLLATE "C" NOT NULL,
    field TEXT NOT NULL,
    at    BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    doc   TEXT NOT NULL
);
CREATE INDEX conflict_card ON conflict (card);
CREATE INDEX conflict_state ON conflict (state, at);

-- Who did what, and why. Only card is ever updated.
CREATE TABLE activity (
    seq   BIGINT NOT NULL,
    n     BIGINT NOT NULL, -- place within the commit
    at    BIGINT NOT NULL,
    card  TEXT COLLATE "C" NOT NULL,
    kind  TEXT NOT NULL,
    actor TEXT NOT NULL,
    side  TEXT NOT NULL,
    field TEXT NOT NULL,
    op    TEXT NOT NULL,
    line  TEXT NOT NULL,
    PRIMARY KEY (seq, n)
);
CREATE INDEX activity_card ON activity (card, seq);

CREATE TABLE issue (
    tracker    TEXT COLLATE "C" NOT NULL,
    id         TEXT COLLATE "C" NOT NULL,
    issue_key  TEXT NOT NULL,
    key_fold   TEXT COLLATE "C" NOT NULL, -- lower case
    container  TEXT COLLATE "C" NOT NULL,
    issue_type TEXT COLLATE "C" NOT NULL,
    status     TEXT COLLATE "C" NOT NULL,
    card       TEXT COLLATE "C" NOT NULL,
    token      BIGINT NOT NULL,
    hash       TEXT NOT NULL,
    links_read BIGINT NOT NULL,
    PRIMARY KEY (tracker, id)
);
CREATE INDEX issue_key_fold ON issue (key_fold);
CREATE INDEX issue_card ON issue (card);
CREATE INDEX issue_status ON issue (tracker, container, status);
CREATE INDEX issue_links ON issue (tracker, id) WHERE links_read = 0;

CREATE TABLE mention (
    tracker     TEXT COLLATE "C" NOT NULL,
    issue       TEXT COLLATE "C" NOT NULL,
    method      TEXT COLLATE "C" NOT NULL,
    target_fold TEXT COLLATE "C" NOT NULL, -- lower case
    target      TEXT NOT NULL,
    PRIMARY KEY (tracker, issue, method, target_fold)
);
CREATE INDEX mention_target ON mention (target_fold);

CREATE TABLE parting (
    a_tracker TEXT COLLATE "C" NOT NULL,
    a_issue   TEXT COLLATE "C" NOT NULL,
    b_tracker TEXT COLLATE "C" NOT NULL,
    b_issue   TEXT COLLATE "C" NOT NULL,
    parted_by TEXT NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (a_tracker, a_issue, b_tracker, b_issue)
);

CREATE TABLE edge (
    tracker     TEXT COLLATE "C" NOT NULL,
    project     TEXT COLLATE "C" NOT NULL,
    issue_type  TEXT COLLATE "C" NOT NULL,
    from_status TEXT COLLATE "C" NOT NULL,
    to_status   TEXT COLLATE "C" NOT NULL,
    transition  TEXT COLLATE "C" NOT NULL,
    is_global   BIGINT NOT NULL,
    required    TEXT NOT NULL,
    seen_at     BIGINT NOT NULL,
    PRIMARY KEY (tracker, project, issue_type, from_status, to_status, transition)
);

CREATE TABLE source (
    tracker    TEXT COLLATE "C" NOT NULL,
    source     TEXT COLLATE "C" NOT NULL,
    cursor_doc TEXT NOT NULL,
    feed_head  BIGINT NOT NULL,
    ok_at      BIGINT NOT NULL,
    tried_at   BIGINT NOT NULL,
    problem    TEXT NOT NULL,
    retry_at   BIGINT NOT NULL,
    requests   BIGINT NOT NULL,
    imported   BIGINT NOT NULL,
    PRIMARY KEY (tracker, source)
);

CREATE TABLE directory (
    tracker TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    kind    TEXT NOT NULL,
    doc     TEXT NOT NULL,
    at      BIGINT NOT NULL
);

CREATE TABLE answer (
    intent TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    doc    TEXT NOT NULL,
    at     BIGINT NOT NULL
);
CREATE INDEX answer_at ON answer (at);

CREATE TABLE lease (
    name     TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    owner    TEXT NOT NULL,
    epoch    BIGINT NOT NULL,
    until_at BIGINT NOT NULL
);
