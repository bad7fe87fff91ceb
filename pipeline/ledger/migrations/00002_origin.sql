-- What a file's expectations are evaluated with, should they be asked again:
-- step is the path of the capture that took it, account the index of the one
-- that its item was fetched with, and found the values of its named steps.

-- +goose Up
ALTER TABLE artifacts ADD COLUMN step TEXT NOT NULL DEFAULT '';
ALTER TABLE items ADD COLUMN account BIGINT NOT NULL DEFAULT 0;
ALTER TABLE items ADD COLUMN found TEXT NOT NULL DEFAULT '{}';

-- +goose Down
ALTER TABLE items DROP COLUMN found;
ALTER TABLE items DROP COLUMN account;
ALTER TABLE artifacts DROP COLUMN step;
