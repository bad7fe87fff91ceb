package console

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pipe/pipeline"
)

// recently is the stretch of time that tells the present rate.
const recently = 5 * time.Minute

// progress is what a run has come to, by its events.
type progress struct {
	spec    string
	run     int64
	started time.Time
	// read is true once the whole source is known.
	read   bool
	totals pipeline.Totals
	// settled holds the times of the items done or failed, of late.
	settled []time.Time
	all     int
	workers []*worker
	// arriving counts the items whose page is free and which are not settled.
	arriving map[string]bool
	stopping string
	// held is until when no item is begun.
	held time.Time
}

// worker is what one worker does now.
type worker struct {
	name, key, step string
	attempt         int
	since           time.Time
}

func (t *progress) add(e pipeline.Event) {
	if e.Totals != nil {
		t.totals = *e.Totals
	}
	w := t.worker(e.Worker)
	switch e.Kind {
	case pipeline.RunStarted:
		*t = progress{spec: e.Spec, run: e.Run, started: e.Time, arriving: map[string]bool{}}
		for _, name := range e.Workers {
			t.workers = append(t.workers, &worker{name: name, since: e.Time})
		}
	case pipeline.SourceRead:
		t.read = true
	case pipeline.AttemptStarted:
		*w = worker{name: w.name, key: e.Key, attempt: e.Attempt, step: "open", since: e.Time}
	case pipeline.StepStarted:
		w.step, w.since = e.Step, e.Time
		if e.Key == "" && strings.HasPrefix(e.Step, "source.") {
			w.key = "reading the source"
		}
	case pipeline.PageFreed:
		*w = worker{name: w.name, since: e.Time}
		t.arriving[e.Key] = true
	case pipeline.AttemptFailed, pipeline.SecondLook:
		delete(t.arriving, e.Key)
	case pipeline.ItemDone, pipeline.ItemSkipped, pipeline.ItemFailed, pipeline.RefreshFailed:
		delete(t.arriving, e.Key)
		t.all++
		t.settled = append(t.settled, e.Time)
		t.settled = slices.DeleteFunc(t.settled, func(at time.Time) bool { return e.Time.Sub(at) > recently })
	case pipeline.Held:
		t.held = e.Until
	case pipeline.Resumed:
		t.held = time.Time{}
	case pipeline.Stopping:
		t.stopping = e.Reason
	}
	if e.Kind == pipeline.SourceRead {
		for _, w := range t.workers {
			if w.key == "reading the source" {
				*w = worker{name: w.name, since: e.Time}
			}
		}
	}
}

// worker finds a worker; an unknown one is a stand-in that nobody shows.
func (t *progress) worker(name string) *worker {
	for _, w := range t.workers {
		if w.name == name {
			return w
		}
	}
	return &worker{}
}

// rate is in items a minute, of late.
func (t *progress) rate(now time.Time) float64 {
	span := min(now.Sub(t.started), recently)
	if span < time.Second {
		return 0
	}
	n := 0
	for _, at := range t.settled {
		if now.Sub(at) <= recently {
			n++
		}
	}
	return float64(n) / span.Minutes()
}

// left is how long the rest will take, at the present rate; 0 when nobody can
// tell.
func (t *progress) left(now time.Time) time.Duration {
	rate := t.rate(now)
	if rate == 0 || !t.read || t.totals.Left() == 0 {
		return 0
	}
	return time.Duration(float64(t.totals.Left()) / rate * float64(time.Minute))
}

// percent is the part of the rows that needs nothing more.
func percent(t pipeline.Totals) float64 {
	if t.In == 0 {
		return 0
	}
	return float64(t.In-t.Left()) / float64(t.In) * 100
}

// notable is the line that an event is worth, or "".
func notable(e pipeline.Event) string {
	key, reason := Clean(e.Key), Clean(e.Reason)
	switch e.Kind {
	case pipeline.LoggedIn:
		return fmt.Sprintf("logged in  %s, account %s", e.Worker, Clean(e.Account))
	case pipeline.SourceFound:
		return "source     " + reason
	case pipeline.SourceRead:
		t := e.Totals
		line := fmt.Sprintf("source     %d in: %d done before, %s%d failed before, %d to do, %d duplicates", t.In, t.Done, skipped(t.Skipped), t.Failed, t.Left(), t.Duplicates)
		if t.Bad > 0 {
			line += fmt.Sprintf(", %d bad", t.Bad)
		}
		if t.Due > 0 {
			line += fmt.Sprintf("; %d of those done are due again", t.Due)
		}
		return line
	case pipeline.DuplicateRow:
		return "duplicate  " + key + " is in the source more than once: it is done once"
	case pipeline.BadRow:
		return "BAD ROW    " + reason
	case pipeline.ShortList:
		return "SHORT LIST " + reason
	case pipeline.ItemDone:
		if e.Reason != "" {
			return fmt.Sprintf("without    %s  %s", key, reason)
		}
		return ""
	case pipeline.ItemSkipped:
		return fmt.Sprintf("skipped    %s  %s", key, reason)
	case pipeline.SecondLook:
		return fmt.Sprintf("look again %s  attempt %d%s: %s%s", key, e.Attempt, classed(e.Class), reason, at(e.Step))
	case pipeline.AttemptFailed:
		return fmt.Sprintf("retry      %s  attempt %d, %s: %s%s", key, e.Attempt, e.Class, reason, at(e.Step))
	case pipeline.ItemFailed:
		return fmt.Sprintf("FAILED     %s  attempt %d, %s: %s%s", key, e.Attempt, e.Class, reason, at(e.Step))
	case pipeline.RefreshFailed:
		return fmt.Sprintf("NOT AGAIN  %s  attempt %d, %s: %s%s; its old files and record stand", key, e.Attempt, e.Class, reason, at(e.Step))
	case pipeline.Held:
		return fmt.Sprintf("held       nothing new is begun until %s, %s: %s", e.Until.Format("15:04:05"), e.Class, reason)
	case pipeline.Resumed:
		return "resumed    the site answers again"
	case pipeline.Adapted:
		return "pages      " + reason
	case pipeline.Stopping:
		return "stopping   " + reason
	default:
		return ""
	}
}

// skipped is a part of a line about how many items are settled, if any were skipped.
func skipped(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d skipped, ", n)
}

func at(step string) string {
	if step == "" {
		return ""
	}
	return "  at " + Clean(step)
}

// short gives a duration as a person says it: 41s, 3m05s, 2h10m.
func short(d time.Duration) string {
	d = d.Round(time.Second)
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%ds", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%dm%02ds", int(d.Minutes()), int(d.Seconds())%60)
	default:
		return fmt.Sprintf("%dh%02dm", int(d.Hours()), int(d.Minutes())%60)
	}
}

func names(files []pipeline.File) string {
	var all []string
	for _, f := range files {
		all = append(all, Clean(f.Name))
	}
	return strings.Join(all, ", ")
}
