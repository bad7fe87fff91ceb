//go:build soak && linux

package engine_test

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/engine"
	"pipe/pipeline/source/file"
)

// scaleCSV names the file that takes what TestSoakScale has measured, for the guide.
var scaleCSV = flag.String("scale-csv", "", "the file for what the scale test measures")

// TestSoakScale runs over lists of a thousand rows to a million, of which all but the
// last in a thousand are done, and prints what that takes.
func TestSoakScale(t *testing.T) {
	var table strings.Builder
	fmt.Fprintln(&table, "rows,case,cpu_s,first_item_s,peak_rss_mb")
	for _, rows := range []int{1_000, 10_000, 100_000, 1_000_000} {
		for _, c := range []struct {
			name   string
			before []string
		}{{"unchanged", nil}, {"moved", []string{"NEW"}}} {
			l := longListOf(t, rows)
			writeRows(t, l.path, rows, c.before...)
			cpu, first, peak := l.measure(pipeline.Totals{In: rows + len(c.before), Done: rows + len(c.before)})
			fmt.Fprintf(&table, "%d,%s,%.2f,%.2f,%d\n", rows, c.name, cpu.Seconds(), first.Seconds(), peak>>20)
			if rows < 1_000_000 {
				continue
			}
			// Twice and more of what it takes on a machine that does nothing else.
			if first > 4*time.Second || peak > 300<<20 {
				t.Errorf("%s: the first of %d rows began after %v, and the peak is %d MB", c.name, rows, first, peak>>20)
			}
		}
	}
	t.Logf("\n%s", &table)
	if *scaleCSV == "" {
		return
	}
	if err := os.WriteFile(*scaleCSV, []byte(table.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// longListOf has n rows, all but the last in a thousand of which are done. The ledger is
// told so beside it: to do them would take hours.
func longListOf(t *testing.T, n int) *longList {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rows.csv")
	writeRows(t, path, n)
	l := &longList{testRun: newTestRun(t, newSite(t, good), 2, inlineRows, "csv: {path: "+path+"}"), path: path, rows: n}
	l.cfg.ReadRows, l.cfg.Digest, l.cfg.Limit = file.Read, file.Digest, 1
	if _, err := engine.Run(t.Context(), l.cfg); err != nil {
		t.Fatal(err)
	}
	l.cfg.Limit = 0
	db, err := sql.Open("sqlite", filepath.Join(l.cfg.Dir, "ledger.sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, change := range []string{
		fmt.Sprintf(`UPDATE items SET status = 'done', finished = 1, recorded = seq WHERE status = 'pending' AND seq <= %d`, n-n/1000),
		`INSERT INTO attempts (key, number, run, worker, started, ended, status)
			SELECT key, 1, 1, '1', 1, 1, 'done' FROM items WHERE status = 'done' AND seq > 1`,
		`INSERT INTO artifacts (key, place, attempt, name, size, sha256, type, pages, via, url)
			SELECT key, 0, 1, key || '.txt', 20, hex(randomblob(32)), 'text', 0, '', '' FROM items WHERE status = 'done' AND seq > 1`,
		`DELETE FROM counts`, `INSERT INTO counts (run, status, n) SELECT 0, status, COUNT(*) FROM items GROUP BY status`,
		`UPDATE version SET n = n + (SELECT COUNT(*) FROM items)`,
	} {
		if _, err := db.ExecContext(t.Context(), change); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

// measure runs once more, and tells the processors' time, when the first item began, and
// the most memory that the process had.
func (l *longList) measure(want pipeline.Totals) (cpu, first time.Duration, peak int64) {
	l.Helper()
	debug.FreeOSMemory()
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o600); err != nil {
		l.Fatal(err)
	}
	began, before := time.Now(), processTime(l.T)
	var once sync.Once
	answer := l.site.answer
	l.site.answer = func(ctx context.Context, key string, attempt int) (string, error) {
		once.Do(func() { first = time.Since(began) })
		return answer(ctx, key, attempt)
	}
	ctx, cancel := context.WithTimeout(l.Context(), time.Hour)
	defer cancel()
	result, err := engine.Run(ctx, l.cfg)
	if err != nil {
		l.Fatal(err)
	}
	l.want(result, want)
	return processTime(l.T) - before, first, peakMemory(l.T)
}

func processTime(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// peakMemory is the most that the process had since it was last forgotten, in bytes.
func peakMemory(t *testing.T) int64 {
	t.Helper()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), "VmHWM:")
	var kB int64
	if _, err := fmt.Sscan(after, &kB); err != nil {
		t.Fatal(err)
	}
	return kB << 10
}
