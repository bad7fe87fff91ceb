package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"iter"

	"pipe/pipeline"
)

// whereOf is the condition for the rows of a run, of an item, of both, or of all.
func whereOf(of pipeline.Of) (where string, args []any) {
	switch {
	case of.Run != 0 && of.Key != "":
		return ` WHERE +run = $1 AND key = $2`, []any{of.Run, of.Key}
	case of.Key != "":
		return ` WHERE key = $1`, []any{of.Key}
	case of.Run != 0:
		return ` WHERE run = $1`, []any{of.Run}
	default:
		return "", nil
	}
}

// Attempts reads attempts, those that are under way too, in the order of their beginning.
func (l *Ledger) Attempts(ctx context.Context, of pipeline.Of) iter.Seq2[pipeline.AttemptRow, error] {
	where, args := whereOf(of)
	names := stepNames{ledger: l, ctx: ctx}
	return stream(ctx, l.reader, names.scanAttempt, `
		SELECT key, number, run, worker, started, ended, status, class, reason, step, uncounted, phases, steps
		FROM attempts`+where+` ORDER BY started, key, number`, args...)
}

func (s *stepNames) scanAttempt(rows *sql.Rows) (row pipeline.AttemptRow, err error) {
	var (
		started, ended sql.NullInt64
		phases, steps  string
	)
	err = rows.Scan(&row.Key, &row.Number, &row.Run, &row.Worker, &started, &ended, &row.Status, &row.Class, &row.Reason,
		&row.Step, &row.Uncounted, &phases, &steps)
	row.Started, row.Ended = moment(started), moment(ended)
	if err == nil {
		row.Phases, err = decodePhases(phases)
	}
	if err == nil {
		row.Steps, err = decodeSteps(steps, s.name)
	}
	if err != nil {
		return row, fmt.Errorf("reading the attempts: %w", err)
	}
	return row, nil
}

// stepNames are the names of steps by their numbers, read when one is asked for that is
// not among them.
type stepNames struct {
	ledger *Ledger
	ctx    context.Context // that of one reading
	known  map[int64]string
}

func (s *stepNames) name(number int64) (string, error) {
	if name, known := s.known[number]; known {
		return name, nil
	}
	type named struct {
		number int64
		step   string
	}
	s.known = map[int64]string{}
	for n, err := range stream(s.ctx, s.ledger.reader, func(rows *sql.Rows) (n named, err error) {
		return n, rows.Scan(&n.number, &n.step)
	}, `SELECT number, step FROM step_names`) {
		if err != nil {
			return "", err
		}
		s.known[n.number] = n.step
	}
	return s.known[number], nil
}
