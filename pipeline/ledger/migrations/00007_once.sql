-- once_steps are the steps that are done once for an item, by their names, and have
-- begun: state is 'begun' until it is known that the site has taken what they did, then
-- 'done', and 'doubted' when they were done for other values of the item. item holds
-- the values that they were made of, '' for none to hold against; found is what they
-- found, '' where nobody knows.

-- +goose Up
CREATE TABLE once_steps (
    key     TEXT   NOT NULL,
    step    TEXT   NOT NULL,
    state   TEXT   NOT NULL,
    attempt BIGINT NOT NULL,
    begun   BIGINT NOT NULL,
    item    TEXT   NOT NULL,
    found   TEXT   NOT NULL DEFAULT '',
    PRIMARY KEY (key, step)
);

-- +goose Down
DROP TABLE once_steps;
