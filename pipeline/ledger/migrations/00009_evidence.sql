-- steps of an attempt tells when each of its steps began and how long it took, each
-- as number:start:took in milliseconds since the attempt's start, by the numbers of
-- step_names, since the names are long and always the same.
-- evidence is what was kept of failures, numbered within a run: of is 'item', 'login'
-- or 'source'. folder is below the output folder, files are the names in it and their sizes.

-- +goose Up
ALTER TABLE attempts ADD COLUMN steps TEXT NOT NULL DEFAULT '';
CREATE TABLE step_names (
    number BIGINT PRIMARY KEY,
    step   TEXT   NOT NULL UNIQUE
);
CREATE TABLE evidence (
    run     BIGINT NOT NULL REFERENCES runs (number),
    number  BIGINT NOT NULL,
    of      TEXT   NOT NULL,
    key     TEXT   NOT NULL,
    attempt BIGINT NOT NULL,
    worker  TEXT   NOT NULL,
    class   TEXT   NOT NULL,
    step    TEXT   NOT NULL,
    reason  TEXT   NOT NULL,
    url     TEXT   NOT NULL,
    taken   BIGINT NOT NULL,
    folder  TEXT   NOT NULL,
    files   TEXT   NOT NULL,
    PRIMARY KEY (run, number)
);
CREATE INDEX evidence_by_key ON evidence (key);

-- +goose Down
DROP TABLE evidence;
DROP TABLE step_names;
ALTER TABLE attempts DROP COLUMN steps;
