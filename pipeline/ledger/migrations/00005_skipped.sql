-- Items with nothing to fetch have a status of their own; they were done ones
-- of the class 'skipped' before.

-- +goose Up
INSERT INTO counts (run, status, n)
    SELECT run, 'skipped', COUNT(*) FROM items WHERE status = 'done' AND class = 'skipped' GROUP BY run;
UPDATE counts SET n = n - (SELECT COUNT(*) FROM items i WHERE i.run = counts.run AND i.status = 'done' AND i.class = 'skipped')
    WHERE status = 'done';
UPDATE items SET status = 'skipped', class = '' WHERE status = 'done' AND class = 'skipped';
UPDATE attempts SET status = 'skipped', class = '' WHERE status = 'done' AND class = 'skipped';

-- +goose Down
UPDATE attempts SET status = 'done', class = 'skipped' WHERE status = 'skipped';
UPDATE items SET status = 'done', class = 'skipped' WHERE status = 'skipped';
UPDATE counts SET n = n + (SELECT COUNT(*) FROM items i WHERE i.run = counts.run AND i.status = 'done' AND i.class = 'skipped')
    WHERE status = 'done';
INSERT INTO counts (run, status, n)
    SELECT run, 'done', n FROM counts s WHERE s.status = 'skipped'
        AND NOT EXISTS (SELECT 1 FROM counts d WHERE d.run = s.run AND d.status = 'done');
DELETE FROM counts WHERE status = 'skipped';
