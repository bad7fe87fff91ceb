package ledger_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/ledger"
)

// entries are the steps of an item that are done once, as the ledger has them.
func entries(t *testing.T, led *ledger.Ledger, key string) map[string]pipeline.OnceEntry {
	t.Helper()
	return must[map[string]pipeline.OnceEntry](t)(led.OnceSteps(t.Context(), key))
}

// begin begins an attempt and a step in it, and gives the attempt.
func begin(t *testing.T, led *ledger.Ledger, run int64, key, step string) int {
	t.Helper()
	n := must[int](t)(led.BeginAttempt(t.Context(), run, key, "1", noon))
	check(t, led.BeginOnce(t.Context(), run, key, n, step, map[string]string{"reference": key}, noon))
	return n
}

// end ends an attempt.
func end(t *testing.T, led *ledger.Ledger, run int64, key string, n int, out pipeline.Outcome) {
	t.Helper()
	out.Item.Key, out.Attempt, out.Ended = key, n, noon.Add(time.Minute)
	check(t, led.Commit(t.Context(), run, out))
}

func TestOnceSteps(t *testing.T) {
	t.Parallel()
	led := newLedger(t)
	run := beginRun(t, led, false)
	admit(t, led, run, rows("A", "B"))
	n := begin(t, led, run, "A", "order")
	got := entries(t, led, "A")["order"]
	if got.Done || got.Doubted || !got.Begun.Equal(noon) || got.Item["reference"] != "A" || got.Found != nil {
		t.Errorf("begun: %+v", got)
	}
	if err := led.BeginOnce(t.Context(), run, "A", n, "order", nil, noon); err == nil {
		t.Error("it has begun twice")
	}
	check(t, led.TakeBackOnce(t.Context(), "A", n, "order"))
	equal(t, "taken back", len(entries(t, led, "A")), 0)
	check(t, led.BeginOnce(t.Context(), run, "A", n, "order", nil, noon))
	found := pipeline.Found{Steps: map[string]any{"order": map[string]any{"number": int64(12345678), "sums": []any{1.5, int64(2)}}}, Vars: map[string]any{"again": true}}
	check(t, led.FinishOnce(t.Context(), "A", n, "order", found))
	check(t, led.TakeBackOnce(t.Context(), "A", n, "order"))
	got = entries(t, led, "A")["order"]
	if !got.Done || got.Found == nil || !reflect.DeepEqual(*got.Found, found) {
		t.Errorf("done: %+v, want %+v", got, found)
	}
	check(t, led.DoubtOnce(t.Context(), "A", "order"))
	if got = entries(t, led, "A")["order"]; got.Done || !got.Doubted {
		t.Errorf("doubted: %+v", got)
	}
	equal(t, "another item's", len(entries(t, led, "B")), 0)
}

// A step begins for the attempt that the run holds, and for no other: a run that others
// took for dead while it was asleep does not act when it wakes.
func TestOnceOfAnotherRun(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ledger.db")
	led, other := openLedger(t, path), openLedger(t, path)
	first := join(t, led, noon, false)
	admit(t, led, first, rows("A"))
	n := must[int](t)(led.BeginAttempt(t.Context(), first, "A", "1", noon))
	second := join(t, other, noon.Add(time.Hour), true)
	check(t, other.Beat(t.Context(), second, noon.Add(time.Hour)))
	taken := begin(t, other, second, "A", "order")
	wantErr(t, "beginning by who has slept", led.BeginOnce(t.Context(), first, "A", n, "letter", nil, noon), pipeline.ErrTaken)
	check(t, other.FinishOnce(t.Context(), "A", taken, "order", pipeline.Found{}))
	equal(t, "steps", len(entries(t, led, "A")), 1)
}

// What nobody knows the end of is settled by whoever has looked, and by nobody else.
func TestSettleOnce(t *testing.T) {
	t.Parallel()
	led := newLedger(t)
	run := beginRun(t, led, false)
	check(t, led.Beat(t.Context(), run, time.Now()))
	admit(t, led, run, rows("A", "B", "C", "D"))
	for _, key := range []string{"A", "B"} {
		n := begin(t, led, run, key, "form")
		check(t, led.FinishOnce(t.Context(), key, n, "form", pipeline.Found{}))
		check(t, led.BeginOnce(t.Context(), run, key, n, "letter", nil, noon))
		end(t, led, run, key, n, failing(pipeline.Failed, pipeline.Uncertain))
	}
	end(t, led, run, "C", begin(t, led, run, "C", "letter"), failing(pipeline.Pending, pipeline.Interrupted))
	equal(t, "without what the run has in hand", len(all(t, led.Uncertain(t.Context()))), 2)
	begin(t, led, run, "D", "letter")
	endRun(t, led, run, "interrupted")
	var keys []string
	for _, row := range all(t, led.Uncertain(t.Context())) {
		keys = append(keys, row.Key+" "+row.Step)
	}
	equal(t, "uncertain", strings.Join(keys, ", "), "A letter, B letter, C letter, D letter")

	if n := must[int](t)(led.RetryFailed(t.Context())); n != 2 || entries(t, led, "A")["letter"].Done {
		t.Errorf("%d to be tried again, and their steps: %+v", n, entries(t, led, "A"))
	}
	if err := led.SettleOnce(t.Context(), []string{"A", "X"}, true); err == nil || err.Error() != `nothing is uncertain of the item "X"` {
		t.Errorf("an item that there is not: %v", err)
	}
	check(t, led.SettleOnce(t.Context(), []string{"A"}, true))
	check(t, led.SettleOnce(t.Context(), nil, false))
	if a := entries(t, led, "A"); !a["letter"].Done || a["letter"].Item != nil || a["letter"].Found != nil || !a["form"].Done {
		t.Errorf("taken for done: %+v", a)
	}
	if b := entries(t, led, "B"); len(b) != 1 || !b["form"].Done {
		t.Errorf("taken for not done: %+v", b)
	}
	equal(t, "to do", totals(t, led), pipeline.Totals{In: 4, Pending: 4})
	if err := led.SettleOnce(t.Context(), nil, false); err == nil || err.Error() != "no item is uncertain" {
		t.Errorf("with nothing left: %v", err)
	}
}

// Items that are uncertain stay failed when a run gives up what it has failed.
func TestReopenLeavesUncertain(t *testing.T) {
	t.Parallel()
	led := newLedger(t)
	run := beginRun(t, led, false)
	admit(t, led, run, rows("A", "B"))
	end(t, led, run, "A", begin(t, led, run, "A", "order"), failing(pipeline.Failed, pipeline.Uncertain))
	attempt(t, led, run, "B", failing(pipeline.Failed, pipeline.Transient))
	equal(t, "reopened", must[int](t)(led.Reopen(t.Context(), run)), 1)
	equal(t, "A", itemOf(t, led, "A").Status, pipeline.Failed)
	equal(t, "totals", totals(t, led), pipeline.Totals{In: 2, Failed: 1, Pending: 1})
}

// So do those whose refresh has begun a step, and the next run goes on with them; one that
// went on without the step is in no doubt.
func TestReopenLeavesBegunRefresh(t *testing.T) {
	t.Parallel()
	led := newLedger(t)
	always := pipeline.Refresh{Always: true}
	see := func() int64 {
		run := beginRun(t, led, false)
		must[[]pipeline.Admission](t)(led.Admit(t.Context(), run, rows("A"), always))
		return run
	}
	run := see()
	attempt(t, led, run, "A", done("A"))
	endRun(t, led, run, "finished")
	run = see()
	end(t, led, run, "A", begin(t, led, run, "A", "order"), failing(pipeline.Failed, pipeline.Spec))
	must[int](t)(led.Reopen(t.Context(), run))
	endRun(t, led, run, "drift")
	run = see()
	equal(t, "what it had begun", len(entries(t, led, "A")), 1)
	attempt(t, led, run, "A", done("A"))
	equal(t, "uncertain once it is done", len(all(t, led.Uncertain(t.Context()))), 0)
}

// A step is done again where its item is asked for anew, by its user or by a refresh
// that begins, and not where a refresh goes on that failed or was stopped.
func TestOnceAnew(t *testing.T) {
	t.Parallel()
	led := newLedger(t)
	always := pipeline.Refresh{Always: true}
	see := func() int64 {
		run := beginRun(t, led, false)
		must[[]pipeline.Admission](t)(led.Admit(t.Context(), run, rows("A"), always))
		return run
	}
	order := func(run int64, out pipeline.Outcome) {
		n := begin(t, led, run, "A", "order")
		check(t, led.FinishOnce(t.Context(), "A", n, "order", pipeline.Found{}))
		end(t, led, run, "A", n, out)
	}
	run := see()
	order(run, done("A"))
	equal(t, "of a done item", len(entries(t, led, "A")), 1)
	endRun(t, led, run, "finished")

	run = see()
	equal(t, "when a refresh begins", len(entries(t, led, "A")), 0)
	order(run, failing(pipeline.Pending, pipeline.Transient))
	endRun(t, led, run, "interrupted")

	run = see()
	equal(t, "of a refresh that was stopped", len(entries(t, led, "A")), 1)
	attempt(t, led, run, "A", failing(pipeline.Failed, pipeline.Transient))
	endRun(t, led, run, "interrupted")

	run = see()
	equal(t, "of a refresh that failed", len(entries(t, led, "A")), 1)
	attempt(t, led, run, "A", done("A"))
	endRun(t, led, run, "interrupted")
	check(t, led.Again(t.Context(), []string{"A"}, true))
	equal(t, "of one whose file alone is asked for again", len(entries(t, led, "A")), 1)
	check(t, led.Again(t.Context(), []string{"A"}, false))
	equal(t, "of an item asked for again", len(entries(t, led, "A")), 0)
}

// onceCrashEnv holds the ledger's path in the child process of TestOnceCrash.
const onceCrashEnv = "PIPE_LEDGER_ONCE_CRASH"

// orderForever begins and finishes a step for one item after the other, and tells each
// that has begun.
func orderForever(ctx context.Context, path string) error {
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
		_, err := led.Admit(ctx, run, []pipeline.Item{{Key: key, Seq: n}}, pipeline.Refresh{})
		number, begun := led.BeginAttempt(ctx, run, key, "1", time.Now())
		if err := errors.Join(err, begun, led.BeginOnce(ctx, run, key, number, "order", nil, time.Now())); err != nil {
			return err
		}
		fmt.Println(key)
		if err := led.FinishOnce(ctx, key, number, "order", pipeline.Found{}); err != nil {
			return err
		}
		fmt.Println(key)
	}
}

// Whatever a killed process had begun has begun, and what it had finished is done.
func TestOnceCrash(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ledger.db")
	told := map[string]int{}
	for range 4 {
		child := exec.CommandContext(t.Context(), os.Args[0])
		child.Env = append(os.Environ(), onceCrashEnv+"="+path)
		child.Stderr = os.Stderr
		lines := must[io.ReadCloser](t)(child.StdoutPipe())
		check(t, child.Start())
		scanner := bufio.NewScanner(lines)
		for n := 0; scanner.Scan(); n++ {
			if told[scanner.Text()]++; n == 20 {
				check(t, child.Process.Kill())
			}
		}
		if err := child.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
			t.Fatalf("the child was not killed: %v", err)
		}
	}
	led := openLedger(t, path)
	check(t, led.CloseLost(t.Context()))
	for key, times := range told {
		if step, begun := entries(t, led, key)["order"]; !begun || times == 2 && !step.Done {
			t.Errorf("%s was told %d times: %+v", key, times, step)
		}
	}
	for _, row := range all(t, led.Uncertain(t.Context())) {
		if told[row.Key] == 2 {
			t.Errorf("%s is uncertain, and was done", row.Key)
		}
	}
}
