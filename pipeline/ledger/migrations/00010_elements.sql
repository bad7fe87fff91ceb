-- elements has what was known of the elements that targets of the spec led to when they
-- last did, by the place of the spec and the target's text there: a JSON object each.

-- +goose Up
CREATE TABLE elements (
    place   TEXT   NOT NULL,
    target  TEXT   NOT NULL,
    run     BIGINT NOT NULL REFERENCES runs (number),
    seen    BIGINT NOT NULL,
    element TEXT   NOT NULL,
    PRIMARY KEY (place, target)
);

-- +goose Down
DROP TABLE elements;
