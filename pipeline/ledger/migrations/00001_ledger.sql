-- Types and statements are those that SQLite and Postgres share. Times are
-- Unix nanoseconds in UTC. JSON is kept as text.

-- +goose Up
CREATE TABLE runs (
    number      BIGINT PRIMARY KEY,
    spec        TEXT   NOT NULL,
    revision    TEXT   NOT NULL,
    partial     BIGINT NOT NULL,
    source_read BIGINT NOT NULL DEFAULT 0,
    started     BIGINT NOT NULL,
    ended       BIGINT,
    reason      TEXT   NOT NULL DEFAULT ''
);

-- run is the newest run whose source had the item.
CREATE TABLE items (
    key      TEXT   PRIMARY KEY,
    seq      BIGINT NOT NULL,
    fields   TEXT   NOT NULL,
    status   TEXT   NOT NULL,
    class    TEXT   NOT NULL DEFAULT '',
    reason   TEXT   NOT NULL DEFAULT '',
    step     TEXT   NOT NULL DEFAULT '',
    counted  BIGINT NOT NULL DEFAULT 0,
    run      BIGINT NOT NULL REFERENCES runs (number),
    finished BIGINT,
    record   TEXT   NOT NULL DEFAULT '[]'
);
CREATE INDEX items_in_order ON items (status, seq);
CREATE INDEX items_finished ON items (finished);

CREATE TABLE attempts (
    key       TEXT   NOT NULL REFERENCES items (key),
    number    BIGINT NOT NULL,
    run       BIGINT NOT NULL REFERENCES runs (number),
    worker    TEXT   NOT NULL,
    started   BIGINT NOT NULL,
    ended     BIGINT,
    status    TEXT   NOT NULL DEFAULT '',
    class     TEXT   NOT NULL DEFAULT '',
    reason    TEXT   NOT NULL DEFAULT '',
    step      TEXT   NOT NULL DEFAULT '',
    uncounted BIGINT NOT NULL DEFAULT 0,
    phases    TEXT   NOT NULL DEFAULT '{}',
    PRIMARY KEY (key, number)
);
-- An item is in one worker's hand at a time.
CREATE UNIQUE INDEX attempts_in_hand ON attempts (key) WHERE ended IS NULL;

-- place is the file's position among the item's files.
CREATE TABLE artifacts (
    key     TEXT   NOT NULL REFERENCES items (key),
    place   BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    name    TEXT   NOT NULL,
    size    BIGINT NOT NULL,
    sha256  TEXT   NOT NULL,
    type    TEXT   NOT NULL,
    pages   BIGINT NOT NULL,
    via     TEXT   NOT NULL,
    url     TEXT   NOT NULL,
    PRIMARY KEY (key, place)
);
CREATE INDEX artifacts_by_hash ON artifacts (sha256);
CREATE INDEX artifacts_by_name ON artifacts (name);

CREATE TABLE duplicates (
    run BIGINT NOT NULL REFERENCES runs (number),
    key TEXT   NOT NULL REFERENCES items (key),
    seq BIGINT NOT NULL,
    PRIMARY KEY (run, key, seq)
);

-- counts sums up the items by the run that saw them last and by status, and
-- the rows of duplicates as status 'duplicate', so that totals cost nothing.
CREATE TABLE counts (
    run    BIGINT NOT NULL,
    status TEXT   NOT NULL,
    n      BIGINT NOT NULL,
    PRIMARY KEY (run, status)
);

-- version has one row; it grows with every change that a reader may want to see.
CREATE TABLE version (
    n BIGINT NOT NULL
);
INSERT INTO version (n) VALUES (0);

-- +goose Down
DROP TABLE version;
DROP TABLE counts;
DROP TABLE duplicates;
DROP TABLE artifacts;
DROP TABLE attempts;
DROP TABLE items;
DROP TABLE runs;
