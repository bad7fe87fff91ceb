-- rejected are the rows of a run's source that are no items, the first of them;
-- all of them are in counts as status 'bad'. length is how many rows the source
-- had, NULL as long as its end was not reached; short is what is wrong with that.

-- +goose Up
CREATE TABLE rejected (
    run    BIGINT NOT NULL REFERENCES runs (number),
    number BIGINT NOT NULL,
    file   TEXT   NOT NULL,
    place  TEXT   NOT NULL,
    reason TEXT   NOT NULL,
    PRIMARY KEY (run, number)
);
ALTER TABLE runs ADD COLUMN length BIGINT;
ALTER TABLE runs ADD COLUMN short TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE runs DROP COLUMN short;
ALTER TABLE runs DROP COLUMN length;
DROP TABLE rejected;
