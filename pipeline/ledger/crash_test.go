package ledger_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/ledger"
)

// crashEnv holds the ledger's path in the child process of TestCrash.
const crashEnv = "PIPE_LEDGER_CRASH"

func TestMain(m *testing.M) {
	if path := os.Getenv(crashEnv); path != "" {
		if err := commitForever(context.Background(), path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	if path := os.Getenv(onceCrashEnv); path != "" {
		if err := orderForever(context.Background(), path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// commitForever does what a run does, and tells each commit that returned.
func commitForever(ctx context.Context, path string) error {
	led, err := ledger.Open(ctx, path)
	if err != nil {
		return err
	}
	run, err := led.BeginRun(ctx, pipeline.RunInfo{Started: time.Now()})
	if err != nil {
		return err
	}
	for n := 1; ; n++ {
		key := fmt.Sprintf("R%d-%d", run, n)
		items := []pipeline.Item{{Key: key, Seq: n}, {Key: key, Seq: -n}}
		if _, err := led.Admit(ctx, run, items, pipeline.Refresh{}); err != nil {
			return err
		}
		if err := bringHome(ctx, led, run, items[0]); err != nil {
			return err
		}
		fmt.Println(key)
	}
}

// TestCrash kills a process that commits, at random moments, over and over.
// Whatever it said is done must be there, whole, and nothing half.
func TestCrash(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ledger.db")
	random := rand.New(rand.NewPCG(uint64(os.Getpid()), 1))
	acknowledged := map[string]bool{}
	for round := range 8 {
		child := exec.CommandContext(t.Context(), os.Args[0])
		child.Env = append(os.Environ(), crashEnv+"="+path)
		child.Stderr = os.Stderr
		lines := must[io.ReadCloser](t)(child.StdoutPipe())
		check(t, child.Start())
		scanner := bufio.NewScanner(lines)
		// The kill falls anywhere in the work that follows the first lines.
		if !scanner.Scan() {
			t.Fatal("the child said nothing")
		}
		acknowledged[scanner.Text()] = true
		time.AfterFunc(time.Duration(random.IntN(250))*time.Millisecond, func() { _ = child.Process.Kill() })
		for scanner.Scan() {
			acknowledged[scanner.Text()] = true
		}
		if err := child.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
			t.Fatalf("round %d: the child was not killed: %v", round, err)
		}
		checkAfterCrash(t, path, acknowledged)
	}
	t.Logf("%d commits acknowledged", len(acknowledged))
}

func checkAfterCrash(t *testing.T, path string, acknowledged map[string]bool) {
	t.Helper()
	led := must[*ledger.Ledger](t)(ledger.Open(t.Context(), path))
	beginRun(t, led, true)
	doneItems := map[string]bool{}
	for _, item := range all(t, led.Items(t.Context(), pipeline.Done)) {
		doneItems[item.Key] = true
	}
	for key := range acknowledged {
		if !doneItems[key] {
			t.Fatalf("%s was said to be done and is not", key)
		}
	}
	files, records := all(t, led.Files(t.Context())), all(t, led.Records(t.Context()))
	equal(t, "files", len(files), len(doneItems))
	equal(t, "records", len(records), len(doneItems))
	for _, record := range records {
		equal(t, "record", record.Fields[0].Value, any("VIN-"+record.Key))
	}
	sum := totals(t, led)
	equal(t, "done", sum.Done, len(doneItems))
	equal(t, "pending", sum.Pending, len(all(t, led.Items(t.Context(), pipeline.Pending))))
	for _, item := range all(t, led.Items(t.Context(), pipeline.Pending)) {
		if item.Attempts > 1 {
			t.Fatalf("%s has %d attempts", item.Key, item.Attempts)
		}
	}
	check(t, led.Close())

	db := must[*sql.DB](t)(sql.Open("sqlite", path))
	defer func() { check(t, db.Close()) }()
	var verdict string
	check(t, db.QueryRowContext(t.Context(), `PRAGMA integrity_check`).Scan(&verdict))
	equal(t, "integrity", verdict, "ok")
	var open int
	check(t, db.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM attempts WHERE ended IS NULL`).Scan(&open))
	equal(t, "open attempts", open, 0)
}
