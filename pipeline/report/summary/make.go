package summary

import (
	"context"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"
	"time"

	"pipe/pipeline"
)

// Options say which report to make. The zero value is of the newest run.
type Options struct {
	// Spec is the spec's name, Revision that of the spec as it is now.
	Spec, Revision string
	// Run is the run's number; 0 is the newest.
	Run int64
	// Deserted is true where no run is at work in the output folder.
	Deserted bool
	// Brief leaves out what is drawn, for which the run's attempts are read.
	Brief    bool
	Commands Commands
	// Line gives the place of a step in the spec as it is now, and the line there.
	Line func(path string) (place, line string)
	// Now is the present; the zero value asks the clock.
	Now time.Time
}

// rowsShown is how many bad rows and uncertain steps are told of.
const rowsShown = 50

// ErrNoRun is a run that there is none of.
var ErrNoRun = fmt.Errorf("there is no such run")

// Make makes a run's report. It reads the items that are not well and, unless it is to be
// brief, the run's attempts.
func Make(ctx context.Context, led Ledger, o Options) (*Report, error) {
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	m := &maker{ctx: ctx, led: led, opts: o, report: &Report{Spec: o.Spec, BadRows: []pipeline.RejectedRow{}, Uncertain: []pipeline.UncertainRow{}}}
	for _, do := range []func() error{m.run, m.items, m.attempts, m.list} {
		if err := do(); err != nil {
			return nil, fmt.Errorf("making the report of run %d: %w", m.row.Number, err)
		}
	}
	r := m.report
	r.Next = o.Commands.Next(r)
	r.Outcome = r.outcome()
	return r, nil
}

// maker makes one report.
type maker struct {
	ctx    context.Context // that of the making
	led    Ledger
	opts   Options
	row    pipeline.RunRow
	report *Report
}

// run takes what the ledger has of the run itself.
func (m *maker) run() error {
	newest, err := m.led.LastRun(m.ctx)
	if err != nil {
		return err
	}
	m.row = newest
	if m.opts.Run != 0 && m.opts.Run != newest.Number {
		if m.row, err = m.led.Run(m.ctx, m.opts.Run); err != nil {
			return err
		}
	}
	if m.row.Number == 0 {
		return fmt.Errorf("%w: run %d", ErrNoRun, m.opts.Run)
	}
	m.report.Newest = m.row.Number == newest.Number
	m.report.Run = RunOf(m.row, m.opts.Now, m.opts.Deserted && m.report.Newest)
	return nil
}

// RunOf is a run as a report has it.
func RunOf(row pipeline.RunRow, now time.Time, deserted bool) Run {
	r := Run{
		Number: row.Number, State: row.State(now, deserted), Reason: row.Reason, Revision: row.Revision, Partial: row.Partial,
		Started: row.Started, Ended: row.Last(now, deserted), Attempts: row.Attempts, Uncounted: row.Uncounted, Done: row.Done, Skipped: row.Skipped, Failed: row.Failed,
	}
	if minutes := r.Elapsed().Minutes(); minutes > 0 {
		r.PerMinute = math.Round(float64(r.Done+r.Skipped+r.Failed)/minutes*10) / 10
	}
	return r
}

// items counts the items, and groups those that failed or were skipped.
func (m *maker) items() error {
	failed, skipped := newCauses(), newCauses()
	var rows iter.Seq2[pipeline.ItemDetail, error]
	if m.report.Newest {
		t, err := m.led.Totals(m.ctx)
		if err != nil {
			return err
		}
		m.report.Counts = Counts{
			Items: t.Done + t.Skipped + t.Failed + t.Pending, Done: t.Done, Skipped: t.Skipped, Failed: t.Failed, Pending: t.Pending,
			Stale: t.Stale, Duplicates: t.Duplicates, Bad: t.Bad,
		}
		rows = both(m.led.Details(m.ctx, pipeline.Failed), m.led.Details(m.ctx, pipeline.Skipped))
	} else {
		rows = m.led.DetailsOfRun(m.ctx, m.row.Number)
	}
	for item, err := range rows {
		switch {
		case err != nil:
			return err
		case item.Status == pipeline.Failed:
			failed.add(item, item.Revision != m.opts.Revision && m.opts.Revision != "")
		case item.Status == pipeline.Skipped:
			skipped.add(item, false)
		}
		if !m.report.Newest {
			m.report.Counts.add(item.Status)
		}
	}
	of := pipeline.Of{Run: m.row.Number}
	if m.report.Newest {
		of = pipeline.Of{} // an item may have failed in a run before
	}
	var err error
	if m.report.Evidence, err = failed.attach(m.led.Evidence(m.ctx, of)); err != nil {
		return err
	}
	m.report.Evidence = ofRun(m.report.Evidence, m.row.Number)
	m.report.Causes, m.report.Skipped = failed.all(), skipped.all()
	for i := range m.report.Causes {
		m.finish(&m.report.Causes[i])
	}
	return nil
}

// ofRun are those of one run.
func ofRun(all []Evidence, run int64) []Evidence {
	own := []Evidence{}
	for _, e := range all {
		if e.Run == run {
			own = append(own, e)
		}
	}
	return own
}

// finish adds the spec's line and the command to a cause.
func (m *maker) finish(c *Cause) {
	if c.Step != "" && c.Changed == 0 && m.opts.Line != nil {
		// A step's path has no blank; its name may follow. The line is shown if it is where
		// it was.
		path, _, _ := strings.Cut(c.Step, " ")
		if place, line := m.opts.Line(path); place == c.Place {
			c.Line = line
		}
	}
	key := c.Sample
	// What is shown may be of one that has come through since.
	if c.Evidence != nil && slices.Contains(c.Keys, c.Evidence.Key) {
		key = c.Evidence.Key
	}
	c.Next = m.opts.Commands.For(c.Class, key, c.Changed > 0)
}

// attempts goes through what the run's workers did.
func (m *maker) attempts() error {
	if m.opts.Brief {
		return nil
	}
	line := newTimeline(m.report.Run.Started, m.report.Run.Ended)
	took := distributions{}
	for a, err := range m.led.Attempts(m.ctx, pipeline.Of{Run: m.row.Number}) {
		if err != nil {
			return err
		}
		line.add(a)
		took.add(a)
	}
	m.report.Throughput, m.report.Workers, m.report.Stages = line.throughput(), line.all(), took.stages()
	return nil
}

// list is what the report has of the list itself, and how its items are read.
func (m *maker) list() error {
	run := m.row.Number
	if !m.report.Newest {
		m.report.Items = func(status pipeline.Status) iter.Seq2[Item, error] {
			return itemsOf(m.led.DetailsOfRun(m.ctx, run), status)
		}
		return nil
	}
	m.report.Items = func(status pipeline.Status) iter.Seq2[Item, error] {
		return itemsOf(m.led.Details(m.ctx, status), status)
	}
	var err error
	if m.report.BadRows, err = first(m.led.Rejected(m.ctx)); err != nil {
		return err
	}
	if m.report.Uncertain, err = first(m.led.Uncertain(m.ctx)); err != nil {
		return err
	}
	m.report.Short, err = m.led.LastShort(m.ctx)
	return err
}

// first are the first of the rows, as many as are told of.
func first[T any](rows iter.Seq2[T, error]) ([]T, error) {
	all := []T{}
	for row, err := range rows {
		if err != nil {
			return nil, err
		}
		if all = append(all, row); len(all) == rowsShown {
			break
		}
	}
	return all, nil
}

// itemsOf are the rows of one status, or all for "".
func itemsOf(rows iter.Seq2[pipeline.ItemDetail, error], status pipeline.Status) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		for d, err := range rows {
			if err == nil && status != "" && d.Status != status {
				continue
			}
			if !yield(ItemOf(d), err) || err != nil {
				return
			}
		}
	}
}

// both gives the one after the other.
func both[T any](one, other iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, rows := range []iter.Seq2[T, error]{one, other} {
			for row, err := range rows {
				if !yield(row, err) {
					return
				}
			}
		}
	}
}

func (c *Counts) add(status pipeline.Status) {
	c.Items++
	switch status {
	case pipeline.Done:
		c.Done++
	case pipeline.Skipped:
		c.Skipped++
	case pipeline.Failed:
		c.Failed++
	case pipeline.Pending:
		c.Pending++
	}
}

// outcome is the run in one line.
func (r *Report) outcome() string {
	c := r.Counts
	text := fmt.Sprintf("%d of %d done", c.Done, c.Items)
	for _, part := range []struct {
		n    int
		what string
	}{{c.Skipped, "skipped"}, {c.Failed, "failed"}, {c.Pending, "pending"}, {c.Stale, "could not be done again"}, {c.Bad, "bad rows"}} {
		if part.n > 0 {
			text += fmt.Sprintf(", %d %s", part.n, part.what)
		}
	}
	switch r.Run.State {
	case pipeline.StateRunning:
		return "under way: " + text
	case pipeline.StateDied:
		return "killed: " + text
	case pipeline.StateInterrupted:
		return "interrupted: " + text
	case pipeline.StateStopped:
		return "stopped: " + text
	default:
		return text
	}
}
