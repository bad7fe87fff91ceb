package ledger_test

import (
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"pipe/pipeline"
	"pipe/pipeline/ledger"
	"strings"
	"testing"
)

func TestOpenKeepsWhatIsThere(t *testing.T) {
	t.Parallel()
	// Characters that mean something in a URI must not.
	path := filepath.Join(t.TempDir(), "out 100%?#&", "deep", "ledger.db")
	led := must[*ledger.Ledger](t)(ledger.Open(t.Context(), path))
	run := beginRun(t, led, false)
	admit(t, led, run, rows("A"))
	check(t, led.Close())
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
	led = openLedger(t, path)
	equal(t, "totals", totals(t, led), pipeline.Totals{In: 1, Pending: 1})
	equal(t, "next run", beginRun(t, led, false), run+1)
}

func TestOpenReadOnly(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ledger.db")
	if _, err := ledger.OpenReadOnly(t.Context(), path); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("no ledger: %v", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Fatal("opening for reading created a ledger")
	}
	led := must[*ledger.Ledger](t)(ledger.Open(t.Context(), path))
	status := must[*ledger.Ledger](t)(ledger.OpenReadOnly(t.Context(), path))
	run := beginRun(t, led, false)
	admit(t, led, run, rows("A"))
	equal(t, "while a run goes on", totals(t, status), pipeline.Totals{In: 1, Pending: 1})
	if _, err := status.BeginRun(t.Context(), pipeline.RunInfo{Started: noon}); err == nil {
		t.Error("a ledger open for reading takes a run")
	}
	check(t, status.Close())
	check(t, led.Close())

	after := must[*ledger.Ledger](t)(ledger.OpenReadOnly(t.Context(), path))
	equal(t, "after the run", totals(t, after), pipeline.Totals{In: 1, Pending: 1})
	check(t, after.Close())
}

func TestOpenOtherVersions(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ change, open, read string }{
		"newer": {`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)`, "newer release", "newer release"},
		"older": {`DELETE FROM goose_db_version WHERE version_id = 1`, "up to date", "start a run"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "ledger.db")
			check(t, must[*ledger.Ledger](t)(ledger.Open(t.Context(), path)).Close())
			db := must[*sql.DB](t)(sql.Open("sqlite", path))
			must[sql.Result](t)(db.ExecContext(t.Context(), c.change))
			check(t, db.Close())
			if _, err := ledger.OpenReadOnly(t.Context(), path); err == nil || !strings.Contains(err.Error(), c.read) {
				t.Errorf("for reading: %v", err)
			}
			if _, err := ledger.Open(t.Context(), path); err == nil || !strings.Contains(err.Error(), c.open) {
				t.Errorf("for writing: %v", err)
			}
		})
	}
}

func TestOpenWhatIsNoLedger(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ledger.db")
	check(t, os.WriteFile(path, []byte(strings.Repeat("this is no database\n", 100)), 0o600))
	if _, err := ledger.Open(t.Context(), path); err == nil {
		t.Error("a text file opens as a ledger")
	}
	if _, err := ledger.OpenReadOnly(t.Context(), path); err == nil {
		t.Error("a text file opens as a ledger for reading")
	}
}
