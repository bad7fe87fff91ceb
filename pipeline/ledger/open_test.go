package ledger_test

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pipe/pipeline"
	"pipe/pipeline/ledger"
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
		"older": {`DELETE FROM goose_db_version WHERE version_id > 0`, "up to date", "start a run"},
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

// A ledger from before the origin of files was kept, before leases, before items
// were done again and before skipped ones had a status, is brought up to date.
func TestOpenFromBeforeOrigins(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ledger.db")
	check(t, must[*ledger.Ledger](t)(ledger.Open(t.Context(), path)).Close())
	db := must[*sql.DB](t)(sql.Open("sqlite", path))
	for _, change := range []string{
		`DROP TABLE elements`, `DROP TABLE evidence`, `DROP TABLE step_names`, `ALTER TABLE attempts DROP COLUMN steps`,
		`ALTER TABLE items DROP COLUMN digest`, `ALTER TABLE items DROP COLUMN gone`, `DROP INDEX attempts_by_run`, `DROP INDEX runs_by_content`, `ALTER TABLE runs DROP COLUMN content`,
		`DROP TABLE once_steps`, `DROP TABLE rejected`, `ALTER TABLE runs DROP COLUMN length`, `ALTER TABLE runs DROP COLUMN short`,
		`DROP TABLE discards`, `DROP TABLE versions`, `DROP TABLE written`, `DROP INDEX items_recorded`, `DROP INDEX items_refresh`,
		`ALTER TABLE items DROP COLUMN recorded`, `ALTER TABLE items DROP COLUMN refresh`, `ALTER TABLE items DROP COLUMN done_with`,
		`ALTER TABLE runs DROP COLUMN shared`, `ALTER TABLE runs DROP COLUMN beat`, `DROP INDEX items_leased`, `ALTER TABLE items DROP COLUMN lease`,
		`ALTER TABLE artifacts DROP COLUMN step`, `ALTER TABLE items DROP COLUMN account`, `ALTER TABLE items DROP COLUMN found`,
		`DELETE FROM goose_db_version WHERE version_id >= 2`,
		`INSERT INTO runs (number, spec, revision, partial, started) VALUES (1, 'x', '', 0, 0)`,
		`INSERT INTO items (key, seq, fields, status, run) VALUES ('A', 1, '{"ref": "A"}', 'done', 1)`,
		`INSERT INTO items (key, seq, fields, status, class, reason, run) VALUES ('B', 2, '{"ref": "B"}', 'done', 'skipped', 'no report', 1)`,
		`INSERT INTO counts (run, status, n) VALUES (1, 'done', 2)`,
		`INSERT INTO artifacts (key, place, attempt, name, size, sha256, type, pages, via, url) VALUES ('A', 0, 1, 'A.pdf', 3, 'aa', 'pdf', 1, '', '')`,
	} {
		must[sql.Result](t)(db.ExecContext(t.Context(), change))
	}
	check(t, db.Close())
	led := must[*ledger.Ledger](t)(ledger.Open(t.Context(), path))
	defer func() { check(t, led.Close()) }()
	rows := 0
	for row, err := range led.Placed(t.Context()) {
		check(t, err)
		rows++
		if row.File.Name != "A.pdf" || row.File.Step != "" || row.Item["ref"] != "A" || len(row.Found) != 0 {
			t.Errorf("got %+v", row)
		}
	}
	equal(t, "files", rows, 1)
	equal(t, "totals", totals(t, led), pipeline.Totals{In: 2, Done: 1, Skipped: 1})
	skipped := itemOf(t, led, "B")
	equal(t, "B", fmt.Sprint(skipped.Status, skipped.Class, ", ", skipped.Reason), "skipped, no report")
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
