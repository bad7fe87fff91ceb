-- Several runs may share a ledger at a time: an item belongs to the run that
-- has it in hand or is to try it again, as long as that run gives signs of life.

-- +goose Up
ALTER TABLE items ADD COLUMN lease BIGINT REFERENCES runs (number);
CREATE INDEX items_leased ON items (lease);
-- beat is the run's last sign of life.
ALTER TABLE runs ADD COLUMN beat BIGINT NOT NULL DEFAULT 0;
-- shared is 1 for a run that others may be at work beside.
ALTER TABLE runs ADD COLUMN shared BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE runs DROP COLUMN shared;
ALTER TABLE runs DROP COLUMN beat;
DROP INDEX items_leased;
ALTER TABLE items DROP COLUMN lease;
