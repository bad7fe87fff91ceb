-- A row of the source that is as it was is not written: the items of which a whole
-- reading of the source had none are marked instead. digest is a hash of fields,
-- NULL where nobody has made it yet. counts has the items of the source alone, by
-- their states, under run 0 what is new, and duplicates and bad rows under their run.
-- content is a hash of all that the run's items are made of, '' where nobody can tell.

-- +goose Up
ALTER TABLE items ADD COLUMN digest BIGINT;
ALTER TABLE items ADD COLUMN gone BIGINT NOT NULL DEFAULT 0;
UPDATE items SET gone = 1
    WHERE run < (SELECT COALESCE(MAX(number), 0) FROM runs WHERE partial = 0 AND source_read = 1);
DELETE FROM counts WHERE status NOT IN ('duplicate', 'bad');
INSERT INTO counts (run, status, n) SELECT 0, status, COUNT(*) FROM items WHERE gone = 0 GROUP BY status;
INSERT INTO counts (run, status, n) SELECT 0, refresh, COUNT(*) FROM items WHERE gone = 0 AND refresh <> '' GROUP BY refresh;
CREATE INDEX attempts_by_run ON attempts (run);
ALTER TABLE runs ADD COLUMN content TEXT NOT NULL DEFAULT '';
CREATE INDEX runs_by_content ON runs (content);

-- +goose Down
DROP INDEX runs_by_content;
ALTER TABLE runs DROP COLUMN content;
DROP INDEX attempts_by_run;
DELETE FROM counts WHERE status NOT IN ('duplicate', 'bad');
UPDATE items SET run = COALESCE(
    (SELECT MAX(number) FROM runs WHERE partial = 0 AND source_read = 1), run)
    WHERE gone = 0 AND run < (SELECT COALESCE(MAX(number), 0) FROM runs WHERE partial = 0 AND source_read = 1);
INSERT INTO counts (run, status, n) SELECT run, status, COUNT(*) FROM items GROUP BY run, status;
INSERT INTO counts (run, status, n) SELECT run, refresh, COUNT(*) FROM items WHERE refresh <> '' GROUP BY run, refresh;
ALTER TABLE items DROP COLUMN gone;
ALTER TABLE items DROP COLUMN digest;
