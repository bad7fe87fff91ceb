package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"pipe/pipeline"
)

// KeepElement keeps what is known of an element, in place of what was known before.
func (l *Ledger) KeepElement(ctx context.Context, e pipeline.KnownElement) error {
	element, err := json.Marshal(e.Element)
	if err == nil {
		err = l.write(ctx, func(tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, `
				INSERT INTO elements (place, target, run, seen, element) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (place, target) DO UPDATE SET run = excluded.run, seen = excluded.seen, element = excluded.element`,
				e.Place, e.Target, e.Run, stamp(e.Seen), string(element))
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("keeping what is known of an element of %s: %w", e.Place, err)
	}
	return nil
}

// KnownElements reads what is known of elements, those first that were seen last.
func (l *Ledger) KnownElements(ctx context.Context) (all []pipeline.KnownElement, err error) {
	for e, err := range stream(ctx, l.reader, scanElement, `SELECT place, target, run, seen, element FROM elements ORDER BY seen DESC, place, target`) {
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

func scanElement(rows *sql.Rows) (e pipeline.KnownElement, err error) {
	var (
		seen    sql.NullInt64
		element []byte
	)
	err = rows.Scan(&e.Place, &e.Target, &e.Run, &seen, &element)
	if err == nil {
		err = json.Unmarshal(element, &e.Element)
	}
	if err != nil {
		return e, fmt.Errorf("reading what is known of elements: %w", err)
	}
	e.Seen = moment(seen)
	return e, nil
}
