// Package progress folds the events of a run into what the run has come to: what each
// worker does, how each session is, what slows it down, and how long it will take. It is
// the one place where that is made out, for whoever shows a run or watches over it.
//
// It imports package pipeline alone, starts nothing, and asks no clock: who asks gives
// the time. A [Progress] is used by one goroutine at a time.
package progress

import (
	"strings"
	"time"

	"pipe/pipeline"
)

// Progress is what a run has come to, by its events. The zero value is ready for use.
type Progress struct {
	Spec    string
	Run     int64
	Started time.Time
	// Read is true once the whole source is known.
	Read   bool
	Totals pipeline.Totals
	// Done, Skipped and Failed count the items that this run settled.
	Done, Skipped, Failed int
	Workers               []*Worker
	Sessions              []*Session
	Pace                  Pace
	// Late is the event that says that the run will not end by the time that it was to,
	// nil while it will.
	Late *pipeline.Event
	// Stopping is why no item is begun any more, "" while some are.
	Stopping string
	// Last are the newest items that came to an end, the newest first.
	Last []Item
	// Failure is the last attempt that failed, nil for none.
	Failure  *pipeline.Event
	Estimate Estimate
	// arriving are the items whose page is free and which are not settled.
	arriving map[string]bool
}

// Worker is what one worker does.
type Worker struct {
	Name string
	// Key is the item that it has in hand, "" for none; Step is what it is at, by the
	// step's name or path, since when Since tells.
	Key, Step string
	Attempt   int
	Since     time.Time
}

// Item is one that came to an end.
type Item struct {
	Key  string
	Kind pipeline.EventKind
	Took time.Duration
}

// lastMost is how many of the last items are kept.
const lastMost = 20

// readingSource is what a worker has in hand that reads the source.
const readingSource = "reading the source"

// Arriving is how many items have their file on its way, and need no page any more.
func (p *Progress) Arriving() int { return len(p.arriving) }

// Add takes the next event in.
func (p *Progress) Add(e pipeline.Event) {
	if e.Kind == pipeline.RunStarted {
		p.start(e)
	}
	if e.Totals != nil {
		p.Totals = *e.Totals
	}
	p.Estimate.Add(e)
	p.Pace.add(e)
	p.login(e)
	p.work(e)
	p.settle(e)
	switch e.Kind {
	case pipeline.SourceRead:
		p.Read = true
	case pipeline.Late:
		p.Late = &e
	case pipeline.InTime:
		p.Late = nil
	case pipeline.Stopping:
		p.Stopping = e.Reason
	}
}

func (p *Progress) start(e pipeline.Event) {
	*p = Progress{Spec: e.Spec, Run: e.Run, Started: e.Time, arriving: map[string]bool{}}
	for _, name := range e.Workers {
		p.Workers = append(p.Workers, &Worker{Name: name, Since: e.Time})
	}
	for _, s := range e.Sessions {
		p.Sessions = append(p.Sessions, &Session{Session: s, Since: e.Time})
	}
}

// work follows the workers.
func (p *Progress) work(e pipeline.Event) {
	w := p.worker(e.Worker)
	switch e.Kind {
	case pipeline.AttemptStarted:
		*w = Worker{Name: w.Name, Key: e.Key, Attempt: e.Attempt, Step: "open", Since: e.Time}
	case pipeline.StepStarted:
		if w.Step, w.Since = e.Step, e.Time; e.StepName != "" {
			w.Step = e.StepName
		}
		if e.Key == "" && strings.HasPrefix(e.Step, "source.") {
			w.Key = readingSource
		}
	case pipeline.PageFreed:
		*w = Worker{Name: w.Name, Since: e.Time}
		if p.arriving != nil {
			p.arriving[e.Key] = true
		}
	case pipeline.SourceRead:
		for _, w := range p.Workers {
			if w.Key == readingSource {
				*w = Worker{Name: w.Name, Since: e.Time}
			}
		}
	}
}

// worker finds a worker; an unknown one is a stand-in that nobody shows.
func (p *Progress) worker(name string) *Worker {
	for _, w := range p.Workers {
		if w.Name == name {
			return w
		}
	}
	return &Worker{}
}

// settle follows the items to their ends.
func (p *Progress) settle(e pipeline.Event) {
	switch e.Kind {
	case pipeline.ItemDone:
		p.Done++
	case pipeline.ItemSkipped:
		p.Skipped++
	case pipeline.ItemFailed, pipeline.RefreshFailed:
		p.Failed++
		p.Failure = &e
	case pipeline.AttemptFailed:
		p.Failure = &e
	case pipeline.SecondLook:
	default:
		return
	}
	delete(p.arriving, e.Key)
	if settles(e.Kind) {
		p.Last = append([]Item{{e.Key, e.Kind, e.Took}}, p.Last[:min(len(p.Last), lastMost-1)]...)
	}
}

// settles tells whether an event is an item's last.
func settles(kind pipeline.EventKind) bool {
	switch kind {
	case pipeline.ItemDone, pipeline.ItemSkipped, pipeline.ItemFailed, pipeline.RefreshFailed:
		return true
	default:
		return false
	}
}
