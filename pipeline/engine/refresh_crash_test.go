package engine_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"pipe/pipeline"
	"pipe/pipeline/engine"
)

// dyingStore is a store that fails at a placement: as a full disk does, or, where it is
// killed, with all that comes after.
type dyingStore struct {
	pipeline.Store
	killed bool
	places *int
	at     int
}

var errDies = errors.New("it dies")

func (d dyingStore) Place(ctx context.Context, f pipeline.Staged, name string) error {
	if *d.places++; *d.places >= d.at {
		return errDies
	}
	return d.Store.Place(ctx, f, name)
}

func (d dyingStore) Saved() ([]string, error) {
	if d.killed && *d.places >= d.at {
		return nil, errDies
	}
	return d.Store.Saved()
}

// An item of several files that is done again has all of the new ones or all of
// the old ones, whatever ends the run between them.
func TestRefreshOfSeveralFiles(t *testing.T) {
	t.Parallel()
	two := []string{
		`  - capture: {url: "/${{ item.ref }}", as: "${{ item.ref }}.txt", expect: {type: any, contains: "file of ${{ item.ref }}"}}`,
		`  - capture: {url: "/${{ item.ref }}", as: "${{ item.ref }}-1.txt", expect: {type: any}}
  - capture: {url: "/${{ item.ref }}x", as: "${{ item.ref }}-2.txt", expect: {type: any}}`,
		"retry:", "refresh: {on: changed, of: [price]}\nretry:",
	}
	old := map[string]string{"A-1.txt": "file of A, edition 1", "A-2.txt": "file of Ax, edition 1"}
	for name, c := range map[string]struct {
		killed bool
		at     int
	}{"an error": {false, 2}, "killed": {true, 2}, "killed before the first": {true, 1}, "killed at the commit": {true, 3}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer, gone := edition, false
			s := newSite(t, func(ctx context.Context, key string, attempt int) (string, error) {
				if gone {
					return "", errors.New("reset")
				}
				return answer(ctx, key, attempt)
			})
			n := newTestRun(t, s, 1, append(priced(5), two...)...)
			n.run()
			n.holds(old)
			n.becomes(append(priced(6), two...)...)
			store, led := n.cfg.Store, n.cfg.Ledger
			n.cfg.Store = dyingStore{Store: store, killed: c.killed, places: new(int), at: c.at}
			if c.at > 2 {
				n.cfg.Ledger = &unlucky{led, "A"}
			}
			if _, err := engine.Run(t.Context(), n.cfg); err == nil {
				t.Fatal("nothing happened")
			}
			if !c.killed {
				n.holds(old)
			}
			// The site does not give the item again: it has its old files, both.
			n.cfg.Store, n.cfg.Ledger, gone = store, led, true
			n.want(n.run(), pipeline.Totals{In: 1, Done: 1, Stale: 1})
			n.holds(old)
			gone = false
			n.want(n.run(), pipeline.Totals{In: 1, Done: 1})
			got := n.placed()
			if len(got) != 2 || got["A-1.txt"] == old["A-1.txt"] || got["A-2.txt"] == old["A-2.txt"] {
				t.Errorf("in place are %v", got)
			}
			if left, _ := os.ReadDir(filepath.Join(n.cfg.Dir, ".replaced")); len(left) > 0 {
				t.Errorf("held aside still: %v", left)
			}
		})
	}
}
