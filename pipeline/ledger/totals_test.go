package ledger_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"pipe/pipeline"
	"pipe/pipeline/ledger"
)

func TestAdmitDuplicates(t *testing.T) {
	t.Parallel()
	led := newLedger(t)
	source := rows("A", "B", "A", "A")
	run := beginRun(t, led, false)
	got := admit(t, led, run, source[:3])
	equal(t, "first row", got[0], pipeline.Admission{Status: pipeline.Pending})
	equal(t, "third row", got[2], pipeline.Admission{Status: pipeline.Pending, Duplicate: true})
	attempt(t, led, run, "A", done("A"))
	equal(t, "fourth row, in another batch", admit(t, led, run, source[3:])[0],
		pipeline.Admission{Status: pipeline.Done, Duplicate: true, Counted: 1})
	equal(t, "totals", totals(t, led), pipeline.Totals{In: 4, Done: 1, Pending: 1, Duplicates: 2})

	// The same rows given twice change nothing.
	equal(t, "again", admit(t, led, run, source)[0].Duplicate, false)
	equal(t, "totals", totals(t, led), pipeline.Totals{In: 4, Done: 1, Pending: 1, Duplicates: 2})

	// They are no duplicates of an earlier run's rows.
	run = beginRun(t, led, false)
	equal(t, "next run", admit(t, led, run, source[:1])[0].Duplicate, false)
}

func TestAdmitIsAllOrNothing(t *testing.T) {
	t.Parallel()
	led := newLedger(t)
	run := beginRun(t, led, false)
	items := rows("A", "B")
	items[1].Fields["odd"] = make(chan int)
	if _, err := led.Admit(t.Context(), run, items, pipeline.Refresh{}); err == nil {
		t.Fatal("fields that cannot be kept are admitted")
	}
	equal(t, "totals", totals(t, led), pipeline.Totals{})
}

func TestTotalsFollowTheSource(t *testing.T) {
	t.Parallel()
	led := newLedger(t)
	// Only a partial run: all that it saw.
	run := beginRun(t, led, true)
	admit(t, led, run, rows("A", "B", "B"))
	attempt(t, led, run, "A", done("A"))
	endRun(t, led, run, "finished")
	equal(t, "partial run", totals(t, led), pipeline.Totals{In: 3, Done: 1, Pending: 1, Duplicates: 1})

	// A complete run, which was interrupted after it had read its source.
	run = beginRun(t, led, false)
	admit(t, led, run, rows("A", "C", "C", "C"))
	equal(t, "while reading", totals(t, led), pipeline.Totals{In: 5, Done: 1, Pending: 2, Duplicates: 2})
	check(t, led.SourceRead(t.Context(), run))
	endRun(t, led, run, "interrupted")
	equal(t, "B is gone", totals(t, led), pipeline.Totals{In: 4, Done: 1, Pending: 1, Duplicates: 2})

	// A partial run after it adds what it sees, and no duplicates.
	run = beginRun(t, led, true)
	admit(t, led, run, rows("D", "D"))
	endRun(t, led, run, "finished")
	equal(t, "D is new", totals(t, led), pipeline.Totals{In: 5, Done: 1, Pending: 2, Duplicates: 2})

	// A run that was killed while it read changes nothing for the rest.
	run = beginRun(t, led, false)
	admit(t, led, run, rows("A"))
	equal(t, "killed", totals(t, led), pipeline.Totals{In: 5, Done: 1, Pending: 2, Duplicates: 2})

	// A run that finishes has read its source; A's file and record stay.
	run = beginRun(t, led, false)
	admit(t, led, run, rows("C"))
	attempt(t, led, run, "C", done("C"))
	endRun(t, led, run, "finished")
	equal(t, "only C", totals(t, led), pipeline.Totals{In: 1, Done: 1})
	equal(t, "items", len(all(t, led.Items(t.Context(), ""))), 1)
	equal(t, "files", len(all(t, led.Files(t.Context()))), 2)
	equal(t, "records", len(all(t, led.Records(t.Context()))), 2)
}

// model is what the totals must be, told simply.
type model struct {
	run     int64
	partial bool
	base    int64
	seen    map[string]int64
	status  map[string]pipeline.Status
	dups    map[int64]int
	// rule is whether done items are due again when their row changes. row is the
	// newest of each, was the one that it was done with; refresh is due or stale.
	rule              bool
	row, was, refresh map[string]string
}

func (m *model) totals() pipeline.Totals {
	var sum pipeline.Totals
	for key, status := range m.status {
		if m.seen[key] < m.base {
			continue
		}
		switch m.refresh[key] {
		case "due":
			sum.Due++
		case "stale":
			sum.Stale++
		}
		switch status {
		case pipeline.Done:
			sum.Done++
		case pipeline.Failed:
			sum.Failed++
		case pipeline.Pending:
			sum.Pending++
		}
	}
	sum.Duplicates = m.dups[m.run]
	if m.base > 0 {
		sum.Duplicates = m.dups[m.base]
	}
	sum.In = sum.Done + sum.Failed + sum.Pending + sum.Duplicates
	return sum
}

func TestTotalsProperty(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 1))
			led := newLedger(t)
			m := &model{seen: map[string]int64{}, status: map[string]pipeline.Status{}, dups: map[int64]int{}, row: map[string]string{}, was: map[string]string{}, refresh: map[string]string{}}
			for range 12 {
				m.oneRun(t, led, random)
			}
		})
	}
}

// oneRun reads a random source, whole or in part, tries some of its items
// between the batches, and ends in one of the ways a run can end.
func (m *model) oneRun(t *testing.T, led *ledger.Ledger, random *rand.Rand) {
	t.Helper()
	if random.IntN(3) == 0 {
		must[int](t)(led.RetryFailed(t.Context()))
		for key, status := range m.status {
			if status == pipeline.Failed {
				m.status[key] = pipeline.Pending
			}
		}
	}
	for key := range m.status {
		if random.IntN(8) > 0 {
			continue
		}
		check(t, led.Again(t.Context(), []string{key}, false))
		m.status[key], m.refresh[key] = pipeline.Pending, ""
		if err := led.Again(t.Context(), []string{key, "nobody"}, false); err == nil {
			t.Error("an item that is not there is done again")
		}
	}
	m.partial, m.rule = random.IntN(3) == 0, random.IntN(4) > 0
	m.run = beginRun(t, led, m.partial)
	m.compare(t, led)
	for batch := range random.IntN(4) {
		m.admit(t, led, random, batch*10)
		m.compare(t, led)
		for key, status := range m.status {
			if m.seen[key] != m.run || status != pipeline.Pending && m.refresh[key] != "due" || random.IntN(3) > 0 {
				continue
			}
			outcomes := []pipeline.Outcome{
				done(key), failing(pipeline.Failed, pipeline.Rejected), failing(pipeline.Pending, pipeline.Transient),
			}
			out := outcomes[random.IntN(len(outcomes))]
			attempt(t, led, m.run, key, out)
			switch {
			case out.Status == pipeline.Done:
				m.status[key], m.refresh[key], m.was[key] = pipeline.Done, "", m.row[key]
			case m.refresh[key] == "":
				m.status[key] = out.Status
			case out.Status == pipeline.Failed:
				m.refresh[key] = "stale"
			}
			m.compare(t, led)
		}
	}
	switch end := random.IntN(3); end {
	case 0: // killed
	case 1:
		check(t, led.SourceRead(t.Context(), m.run))
		m.sourceRead()
	case 2:
		endRun(t, led, m.run, "finished")
		m.sourceRead()
	}
	m.compare(t, led)
}

func (m *model) sourceRead() {
	if !m.partial {
		m.base = m.run
	}
}

func (m *model) admit(t *testing.T, led *ledger.Ledger, random *rand.Rand, from int) {
	t.Helper()
	batch := make([]pipeline.Item, random.IntN(8))
	for i := range batch {
		batch[i] = pipeline.Item{
			Key: fmt.Sprint("K", random.IntN(12)), Seq: from + i + 1, Fields: map[string]any{"price": fmt.Sprint(random.IntN(2))},
		}
	}
	for i, admission := range admitBy(t, led, m.run, pipeline.Refresh{Changed: m.rule}, batch...) {
		key := batch[i].Key
		equal(t, "duplicate", admission.Duplicate, m.seen[key] == m.run)
		if m.seen[key] == m.run {
			m.dups[m.run]++
		} else {
			m.row[key] = batch[i].Fields["price"].(string)
			m.refresh[key] = ""
			if m.rule && m.status[key] == pipeline.Done && m.row[key] != m.was[key] {
				m.refresh[key] = "due"
			}
		}
		equal(t, "due", admission.Due, m.refresh[key] == "due")
		m.seen[key] = m.run
		if m.status[key] == "" {
			m.status[key] = pipeline.Pending
		}
		equal(t, "status", admission.Status, m.status[key])
	}
}

// compare checks the totals against the model, and the list of items, which is
// counted another way, against the totals.
func (m *model) compare(t *testing.T, led *ledger.Ledger) {
	t.Helper()
	got := totals(t, led)
	equal(t, "totals", got, m.totals())
	for status, n := range map[pipeline.Status]int{
		pipeline.Done: got.Done, pipeline.Failed: got.Failed, pipeline.Pending: got.Pending,
	} {
		equal(t, "items "+string(status), len(all(t, led.Items(t.Context(), status))), n)
	}
}
