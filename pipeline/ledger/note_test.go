package ledger

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
)

// What is noted without waiting for the disk leaves all that is written after it as
// durable as before, however it ended.
func TestNoteLeavesWritesDurable(t *testing.T) {
	t.Parallel()
	l, err := Open(t.Context(), filepath.Join(t.TempDir(), "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	level := func(from interface {
		QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	},
	) (n int) {
		if err := from.QueryRowContext(t.Context(), `PRAGMA synchronous`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	const normal, full = 1, 2
	failed, cancelled := errors.New("no"), context.Canceled
	for _, want := range []error{nil, failed, cancelled} {
		ctx, cancel := context.WithCancel(t.Context())
		err := l.note(ctx, func(tx *sql.Tx) error {
			if n := level(tx); n != normal {
				t.Errorf("a note is written with synchronous = %d", n)
			}
			if errors.Is(want, cancelled) {
				cancel()
				return ctx.Err()
			}
			return want
		})
		cancel()
		if !errors.Is(err, want) {
			t.Errorf("got %v, want %v", err, want)
		}
		if n := level(l.writer); n != full {
			t.Errorf("after a note that ended with %v synchronous is %d", want, n)
		}
	}
}
