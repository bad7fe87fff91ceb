package engine_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/artifact"
	"pipe/pipeline/engine"
	"pipe/specs"
	"pipe/steps"
)

// priced has a price for each item, as edits of the plan.
func priced(prices ...int) []string {
	var rows []string
	for i, price := range prices {
		rows = append(rows, fmt.Sprintf("{ref: %c, price: %d}", 'A'+i, price))
	}
	return []string{"items: [{ref: A}, {ref: B}, {ref: C}, {ref: D}, {ref: E}, {ref: F}]", "items: [" + strings.Join(rows, ", ") + "]"}
}

// edition is a file of its item, another at each attempt.
func edition(_ context.Context, key string, attempt int) (string, error) {
	return fmt.Sprintf("file of %s, edition %d", key, attempt), nil
}

// becomes gives the night another spec, as the next day does.
func (n *testRun) becomes(edits ...string) {
	n.Helper()
	spec, err := specs.Parse("night.yaml", []byte(strings.NewReplacer(edits...).Replace(plan)), specs.Options{Verbs: steps.Verbs()})
	if err != nil {
		n.Fatal(err)
	}
	n.cfg.Spec, n.events = spec, nil
}

// placed reads what is in place, by name; the time in a version's name is cut.
func (n *testRun) placed() map[string]string {
	n.Helper()
	all := map[string]string{}
	dir := filepath.Join(n.cfg.Dir, "files")
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		name = filepath.ToSlash(name)
		if parts := strings.Split(name, "."); strings.HasPrefix(name, "versions/") && len(parts) == 4 {
			if _, err := time.Parse("20060102T150405.000Z", parts[1]+"."+parts[2]); err != nil {
				return err
			}
			name = parts[0] + ".TIME." + parts[3]
		}
		all[name] = string(text)
		return err
	})
	if err != nil {
		n.Fatal(err)
	}
	return all
}

func (n *testRun) holds(want map[string]string) {
	n.Helper()
	if got := n.placed(); !reflect.DeepEqual(got, want) {
		n.Errorf("in place are %v, want %v", got, want)
	}
}

func TestRefreshKeepsVersions(t *testing.T) {
	t.Parallel()
	wrong := false
	s := newSite(t, func(ctx context.Context, key string, attempt int) (string, error) {
		if wrong {
			return "another's", nil
		}
		return edition(ctx, key, attempt)
	})
	rule := []string{"retry:", "refresh: {on: changed, of: [price], keep: versions}\nretry:"}
	n := newTestRun(t, s, 1, append(priced(5, 5), rule...)...)
	n.run()
	n.becomes(append(priced(5, 6), rule...)...)
	n.want(n.run(), pipeline.Totals{In: 2, Done: 2})
	want := map[string]string{"A.txt": "file of A, edition 1", "B.txt": "file of B, edition 2", "versions/B.TIME.txt": "file of B, edition 1"}
	n.holds(want)

	// It goes wrong: what was there stays, and is told.
	wrong = true
	n.becomes(append(priced(5, 7), rule...)...)
	n.want(n.run(), pipeline.Totals{In: 2, Done: 2, Stale: 1})
	n.holds(want)
	if row := n.items()["B"]; row.Status != pipeline.Done || !row.Stale || row.Class != pipeline.ProofFailed || s.attempts["B"] != 5 {
		t.Errorf("%+v after %d attempts", row, s.attempts["B"])
	}
	if !slices.ContainsFunc(n.events, func(e pipeline.Event) bool { return e.Kind == pipeline.RefreshFailed && e.Key == "B" }) {
		t.Error("nobody was told")
	}
	// The next day it is due all the same.
	wrong = false
	n.want(n.run(), pipeline.Totals{In: 2, Done: 2})
	if got := n.placed(); len(got) != 3 || got["versions/B.TIME.txt"] == "" || got["B.txt"] != "file of B, edition 6" {
		t.Errorf("in place are %v", got)
	}
	if s.attempts["A"] != 1 {
		t.Errorf("A, which did not change, was fetched %d times", s.attempts["A"])
	}
}

// unlucky is a ledger that fails as if the process were killed.
type unlucky struct {
	pipeline.Ledger
	// down is the item that it fails with.
	down string
}

var errKilled = errors.New("killed")

func (u *unlucky) Commit(ctx context.Context, run int64, out pipeline.Outcome) error {
	if u.down == out.Item.Key {
		return errKilled
	}
	return u.Ledger.Commit(ctx, run, out)
}

// Between the files and the ledger a run may be killed: the old version is kept
// once, and the new file is on record in the end.
func TestRefreshKilledBeforeItsCommit(t *testing.T) {
	t.Parallel()
	rule := []string{"retry:", "refresh: {on: changed, keep: versions}\nretry:"}
	n := newTestRun(t, newSite(t, edition), 1, append(priced(5), rule...)...)
	u := &unlucky{Ledger: n.ledger}
	n.cfg.Ledger = u
	n.run()
	n.becomes(append(priced(6), rule...)...)
	u.down = "A"
	if _, err := engine.Run(t.Context(), n.cfg); !errors.Is(err, errKilled) {
		t.Fatalf("got %v", err)
	}
	u.down = ""
	n.want(n.run(), pipeline.Totals{In: 1, Done: 1})
	n.holds(map[string]string{"A.txt": "file of A, edition 3", "versions/A.TIME.txt": "file of A, edition 1"})
	var names []string
	for row, err := range n.ledger.Versions(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, row.Key+" "+row.File.Name)
	}
	if len(names) != 1 || !strings.HasPrefix(names[0], "A versions/A.") {
		t.Errorf("on record are the versions %q", names)
	}
}

// stuck is a store that removes nothing.
type stuck struct {
	*artifact.Store
	down bool
}

func (s *stuck) Remove(ctx context.Context, name string) error {
	if s.down {
		return errKilled
	}
	return s.Store.Remove(ctx, name)
}

// A file that gets another name replaces the old one, though the run be killed
// before it is removed.
func TestRefreshUnderAnotherName(t *testing.T) {
	t.Parallel()
	edits := []string{"retry:", "refresh: changed\nretry:", `as: "${{ item.ref }}.txt"`, `as: "${{ item.ref }}-${{ item.price }}.txt"`}
	n := newTestRun(t, newSite(t, edition), 1, append(priced(5), edits...)...)
	s := &stuck{Store: n.cfg.Store.(*artifact.Store), down: true}
	n.cfg.Store = s
	n.run()
	n.becomes(append(priced(6), edits...)...)
	if _, err := engine.Run(t.Context(), n.cfg); !errors.Is(err, errKilled) {
		t.Fatalf("got %v", err)
	}
	s.down = false
	n.want(n.run(), pipeline.Totals{In: 1, Done: 1})
	n.holds(map[string]string{"A-6.txt": "file of A, edition 2"})
}

// With always, each run does all again, and one that goes on after another what
// that has left.
func TestRefreshAlways(t *testing.T) {
	t.Parallel()
	// One after another: C is not the first to come.
	edits := append(priced(5, 5, 5), "retry:", "pool: {fetches: 1}\nrefresh: always\nretry:")
	s := newSite(t, edition)
	n := newTestRun(t, s, 1, edits...)
	n.run()
	n.run()
	u := &unlucky{Ledger: n.ledger}
	n.cfg.Ledger, u.down = u, "C"
	n.events = nil
	if _, err := engine.Run(t.Context(), n.cfg); !errors.Is(err, errKilled) {
		t.Fatalf("got %v", err)
	}
	done := 0
	for _, e := range n.events {
		if e.Kind == pipeline.ItemDone {
			done++
			defer func() {
				if got := s.attempts[e.Key]; got != 3 {
					t.Errorf("%s was fetched %d times, and was done before the run was killed", e.Key, got)
				}
			}()
		}
	}
	u.down = ""
	n.want(n.run(), pipeline.Totals{In: 3, Done: 3})
	if done == 0 || s.attempts["C"] != 4 {
		t.Errorf("%d items were done before the kill; the attempts are %v", done, s.attempts)
	}
}
