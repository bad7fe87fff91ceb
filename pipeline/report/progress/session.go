package progress

import (
	"time"

	"pipe/pipeline"
)

// Session is how a browser context that logs in by itself is.
type Session struct {
	pipeline.Session
	State State
	// Since is when it came to be so.
	Since time.Time
	// Reason is why its account is given up.
	Reason string
}

// State is where a session stands.
type State string

// The states of a session.
const (
	// Waiting: nothing has needed it yet.
	Waiting State = ""
	// LoggingIn: its login is under way.
	LoggingIn State = "logging in"
	// Ready: it is logged in.
	Ready State = "ready"
	// Lost: the site knows it no more, and it logs in again when it is needed.
	Lost State = "lost"
	// GivenUp: its account could not be logged in, and is done without.
	GivenUp State = "given up"
)

// login follows the sessions.
func (p *Progress) login(e pipeline.Event) {
	states := map[pipeline.EventKind]State{
		pipeline.LoggingIn: LoggingIn, pipeline.LoggedIn: Ready, pipeline.LoginKept: Ready, pipeline.LoginLost: Lost, pipeline.AccountGivenUp: GivenUp,
	}
	state, is := states[e.Kind]
	if !is {
		return
	}
	for _, s := range p.Sessions {
		// An account is given up for all of its sessions.
		if s.Name == e.Worker || state == GivenUp && s.Account == e.Account {
			s.State, s.Since, s.Reason = state, e.Time, e.Reason
		}
	}
}

// Pace is how fast the run may go, and why.
type Pace struct {
	// Pages is how many pages may be at work, of PagesMost; Why tells why they are so
	// many, "" as long as all are.
	Pages, PagesMost int
	Why              string
	// Spec is what the spec's pool.pace allows, "" for anything.
	Spec string
	// Paused is since when the operator has it begin nothing; zero while it does.
	Paused time.Time
	// Held is the event of the last hold, until which nothing is begun.
	Held pipeline.Event
}

// HeldAt tells whether the site is left alone at a time.
func (p *Pace) HeldAt(now time.Time) bool { return p.Held.Until.After(now) }

func (p *Pace) add(e pipeline.Event) {
	switch e.Kind {
	case pipeline.RunStarted:
		*p = Pace{Pages: e.Pages, PagesMost: e.Pages, Spec: e.Pace}
	case pipeline.Adapted:
		p.Pages, p.Why = e.Pages, e.Reason
		if p.Pages >= p.PagesMost {
			p.Why = ""
		}
	case pipeline.Paused:
		p.Paused = e.Time
	case pipeline.Continued:
		p.Paused = time.Time{}
	case pipeline.Held:
		p.Held = e
	case pipeline.Resumed:
		p.Held = pipeline.Event{}
	}
}
