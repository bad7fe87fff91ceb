-- Done items may be due again. done_with is the row that an item was done with
-- where the source has given it another since; NULL means that fields is it.
-- refresh is 'due' while a done item is to be done again, and 'stale' when that
-- has failed: until it is done again its files and its record are the old ones.
-- recorded grows with each record that comes in, so that what writes records
-- elsewhere knows which are new to it: written keeps how far each such target is.

-- +goose Up
ALTER TABLE items ADD COLUMN done_with TEXT;
ALTER TABLE items ADD COLUMN refresh TEXT NOT NULL DEFAULT '';
ALTER TABLE items ADD COLUMN recorded BIGINT NOT NULL DEFAULT 0;
CREATE INDEX items_refresh ON items (refresh) WHERE refresh <> '';
CREATE INDEX items_recorded ON items (recorded);
CREATE TABLE written (
    target   TEXT   PRIMARY KEY,
    recorded BIGINT NOT NULL
);
-- versions are files that newer ones have replaced; origin is the name that one
-- had, fetched when its item was done.
CREATE TABLE versions (
    name    TEXT   PRIMARY KEY,
    key     TEXT   NOT NULL REFERENCES items (key),
    origin  TEXT   NOT NULL,
    size    BIGINT NOT NULL,
    sha256  TEXT   NOT NULL,
    type    TEXT   NOT NULL,
    pages   BIGINT NOT NULL,
    via     TEXT   NOT NULL,
    url     TEXT   NOT NULL,
    fetched BIGINT
);
CREATE INDEX versions_by_hash ON versions (sha256);
CREATE INDEX versions_by_key ON versions (key);
-- discards are files to remove: their items have others by now.
CREATE TABLE discards (
    name TEXT PRIMARY KEY
);

-- +goose Down
DROP TABLE discards;
DROP TABLE versions;
DROP TABLE written;
DROP INDEX items_recorded;
DROP INDEX items_refresh;
ALTER TABLE items DROP COLUMN recorded;
ALTER TABLE items DROP COLUMN refresh;
ALTER TABLE items DROP COLUMN done_with;
