package ledger

import (
	"context"
	"database/sql"
	"sync"

	"pipe/pipeline"
)

// sight is which items a run has seen in its source, a bit for each: those that are
// as they were are not written.
type sight struct {
	mu   sync.Mutex
	run  int64
	bits []uint64
	n    int
}

// add notes items that the run has seen. What another run has seen is forgotten.
func (s *sight) add(run int64, ids []int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.run != run {
		s.run, s.bits, s.n = run, nil, 0
	}
	for _, id := range ids {
		for int64(len(s.bits)) <= id/64 {
			s.bits = append(s.bits, make([]uint64, 1+len(s.bits)/2)...)
		}
		if at, bit := &s.bits[id/64], uint64(1)<<(id%64); *at&bit == 0 {
			*at |= bit
			s.n++
		}
	}
}

// has tells whether the run has seen an item.
func (s *sight) has(run, id int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.run == run && id/64 < int64(len(s.bits)) && s.bits[id/64]&(1<<(id%64)) != 0
}

// sourceRead notes that a run has read its whole source: what it has not seen has
// left it. Partial runs and those that another has overtaken change nothing.
func (l *Ledger) sourceRead(ctx context.Context, tx *sql.Tx, run int64) error {
	var newest int64
	if err := tx.QueryRowContext(ctx, `SELECT `+base).Scan(&newest); err != nil || newest != run {
		return err
	}
	left, err := l.unseen(ctx, tx, run)
	if err != nil || len(left) == 0 {
		return err
	}
	leave, err := tx.PrepareContext(ctx, `UPDATE items SET gone = 1 WHERE rowid = $1 RETURNING status, refresh`)
	if err != nil {
		return err
	}
	defer func() { _ = leave.Close() }()
	changes := countChanges{}
	for _, id := range left {
		var k knownItem
		if err := leave.QueryRowContext(ctx, id).Scan(&k.Status, &k.refresh); err != nil {
			return err
		}
		changes[stateKey(false, k.Status)]--
		if k.refresh != "" {
			changes[stateKey(false, pipeline.Status(k.refresh))]--
		}
	}
	return changes.save(ctx, tx)
}

// unseen lists the items of the source that the run has not seen. As a rule there
// are none, and to count is enough to tell.
func (l *Ledger) unseen(ctx context.Context, tx *sql.Tx, run int64) ([]int64, error) {
	var inSource int
	err := tx.QueryRowContext(ctx, `
		SELECT COALESCE(SUM(n), 0) FROM counts WHERE status IN ('done', 'skipped', 'failed', 'pending')`).Scan(&inSource)
	if err != nil || l.sight.count(run) == inSource {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT rowid FROM items WHERE gone = 0 AND run <> $1`, run)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // what it could tell, rows.Err told
	var left []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		if !l.sight.has(run, id) {
			left = append(left, id)
		}
	}
	return left, rows.Err()
}

// count is how many items the run has seen.
func (s *sight) count(run int64) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.run != run {
		return 0
	}
	return s.n
}
