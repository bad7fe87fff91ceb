package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"

	"pipe/pipeline"
)

// NoteEvidence notes what was kept of a failure, under the run's next number.
func (l *Ledger) NoteEvidence(ctx context.Context, e pipeline.Evidence) error {
	files, err := json.Marshal(e.Files)
	if err == nil {
		err = l.write(ctx, func(tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, `
				INSERT INTO evidence (run, number, of, key, attempt, worker, class, step, reason, url, taken, folder, files)
				VALUES ($1, (SELECT COALESCE(MAX(number), 0) + 1 FROM evidence WHERE run = $1), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
				e.Run, e.Of, e.Key, e.Attempt, e.Worker, e.Class, e.Step, e.Reason, e.URL, stamp(e.Taken), e.Folder, string(files))
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("noting evidence %q: %w", e.Folder, err)
	}
	return nil
}

// Evidence reads what was kept of failures, the oldest first.
func (l *Ledger) Evidence(ctx context.Context, of pipeline.Of) iter.Seq2[pipeline.Evidence, error] {
	where, args := whereOf(of)
	return stream(ctx, l.reader, scanEvidence, `
		SELECT run, number, of, key, attempt, worker, class, step, reason, url, taken, folder, files
		FROM evidence`+where+` ORDER BY run, number`, args...)
}

func scanEvidence(rows *sql.Rows) (e pipeline.Evidence, err error) {
	var (
		taken sql.NullInt64
		files []byte
	)
	err = rows.Scan(&e.Run, &e.Number, &e.Of, &e.Key, &e.Attempt, &e.Worker, &e.Class, &e.Step, &e.Reason, &e.URL, &taken, &e.Folder, &files)
	if err == nil {
		err = json.Unmarshal(files, &e.Files)
	}
	if err != nil {
		return e, fmt.Errorf("reading the evidence: %w", err)
	}
	e.Taken = moment(taken)
	return e, nil
}

// EvidenceBeside gives what runs have kept that are under way beside one.
func (l *Ledger) EvidenceBeside(ctx context.Context, run int64) (all []pipeline.Evidence, err error) {
	for e, err := range stream(ctx, l.reader, scanEvidence, `
		SELECT run, number, of, key, attempt, worker, class, step, reason, url, taken, folder, files
		FROM evidence WHERE run <> $1 AND run IN (SELECT number FROM runs WHERE ended IS NULL)`, run) {
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}
