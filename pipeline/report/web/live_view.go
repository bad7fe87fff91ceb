package web

import (
	"time"

	"pipe/pipeline"
	"pipe/pipeline/report/progress"
)

// liveView is what browsers are told of a spec.
type liveView struct {
	Version int64 `json:"version"`
	// Running is true while a run goes on that this server has at work.
	Running  bool      `json:"running"`
	DryRun   bool      `json:"dry_run"`
	Run      int64     `json:"run,omitempty"`
	Started  time.Time `json:"started,omitzero"`
	Steered  *steered  `json:"steered,omitempty"`
	Finished *Finished `json:"finished,omitempty"`
	// PerMinute is the rate of late, ToDo what this run will still do, below 0 while
	// nobody knows, and Left how long that may take, for people.
	PerMinute float64       `json:"per_minute"`
	ToDo      int           `json:"to_do"`
	Left      string        `json:"left,omitempty"`
	Workers   []liveWorker  `json:"workers"`
	Sessions  []liveSession `json:"sessions"`
	// Arriving is how many files are on their way without a page.
	Arriving int        `json:"arriving"`
	Recent   []liveItem `json:"recent"`
	Failure  *liveItem  `json:"failure,omitempty"`
	// Slowed says why it goes no faster, Held why nothing is begun, and until when.
	Slowed    string    `json:"slowed,omitempty"`
	Held      string    `json:"held,omitempty"`
	HeldUntil time.Time `json:"held_until,omitzero"`
	Late      string    `json:"late,omitempty"`
	Stopping  string    `json:"stopping,omitempty"`
}

type steered struct {
	Paused   bool `json:"paused"`
	Draining bool `json:"draining"`
	Workers  int  `json:"workers"`
	Most     int  `json:"most"`
}

type liveWorker struct {
	Name    string    `json:"name"`
	Key     string    `json:"key,omitempty"`
	Attempt int       `json:"attempt,omitempty"`
	Step    string    `json:"step,omitempty"`
	Since   time.Time `json:"since,omitzero"`
}

type liveSession struct {
	Name    string `json:"name"`
	Account string `json:"account"`
	State   string `json:"state"`
	Reason  string `json:"reason,omitempty"`
}

type liveItem struct {
	Key    string             `json:"key"`
	Kind   pipeline.EventKind `json:"kind"`
	TookMS int64              `json:"took_ms"`
	Class  pipeline.Class     `json:"class,omitempty"`
	Reason string             `json:"reason,omitempty"`
}

// view is the state as it is now.
func (l *Live) view(now time.Time) liveView {
	l.mu.Lock()
	defer l.mu.Unlock()
	v := liveView{Version: l.version, Running: l.running, DryRun: l.dryRun, Started: l.started, Finished: l.finished, ToDo: -1, Run: l.progress.Run}
	if !l.running {
		return v
	}
	if l.steer != nil {
		s := l.steer.State()
		v.Steered = &steered{Paused: s.Paused, Draining: s.Draining, Workers: s.Workers, Most: s.Most}
	}
	v.add(&l.progress, now)
	return v
}

func (v *liveView) add(p *progress.Progress, now time.Time) {
	v.Arriving, v.Stopping, v.Slowed = p.Arriving(), p.Stopping, p.Pace.Why
	if p.Late != nil {
		v.Late = p.Late.Reason
	}
	v.PerMinute = p.Estimate.Rate(now)
	if n, known := p.Estimate.ToDo(); known {
		v.ToDo = n
	}
	if left, known := p.Estimate.Left(now); known {
		v.Left = left.String()
	}
	if p.Pace.HeldAt(now) {
		v.Held, v.HeldUntil = p.Pace.Held.Reason, p.Pace.Held.Until
	}
	for _, w := range p.Workers {
		v.Workers = append(v.Workers, liveWorker{Name: w.Name, Key: w.Key, Attempt: w.Attempt, Step: w.Step, Since: w.Since})
	}
	for _, s := range p.Sessions {
		v.Sessions = append(v.Sessions, liveSession{Name: s.Name, Account: s.AccountName, State: string(s.State), Reason: s.Reason})
	}
	for _, item := range p.Last {
		v.Recent = append(v.Recent, liveItem{Key: item.Key, Kind: item.Kind, TookMS: item.Took.Milliseconds()})
	}
	if f := p.Failure; f != nil {
		v.Failure = &liveItem{Key: f.Key, Kind: f.Kind, TookMS: f.Took.Milliseconds(), Class: f.Class, Reason: f.Reason}
	}
}
