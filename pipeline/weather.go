package pipeline

import "time"

// weather is what the site is like, and how long it is to be left alone: by all
// pages, for a site that asks one for a slower pace means all.
type weather struct {
	// open is when the site may be asked again.
	open time.Time
	// held is when the last hold began: what was begun before tells nothing new.
	held time.Time
	// rounds counts the holds since an item last got through.
	rounds int
	// down counts the failures in a row to reach the site. One alone is an
	// item's; from the second on the site is asked by one item at a time.
	down int
}

// probing is true while one item at a time finds out whether the site is back.
func (w *weather) probing() bool { return w.down > 1 }

// take learns from how an attempt ended and tells what it makes of it: Held,
// Resumed, or "" for nothing new.
func (w *weather) take(now time.Time, s settled) EventKind {
	stale := !s.began.After(w.held)
	switch s.class {
	case RateLimited:
		if stale {
			// It was under way when the site asked for rest: it adds no round.
			return w.hold(now, s.asked)
		}
		w.rounds++
		wait := s.asked
		if wait == 0 || w.rounds > 1 {
			wait = max(wait, s.rule.wait(w.rounds))
		}
		w.held = now
		return w.hold(now, wait)
	case SiteDown:
		if stale {
			return ""
		}
		if w.down++; !w.probing() {
			return ""
		}
		w.rounds++
		w.held = now
		return w.hold(now, max(s.asked, s.rule.wait(w.rounds)))
	case "", NotFound, Rejected, ProofFailed, Spec:
		// The site answers.
		if stale {
			return ""
		}
		was := w.probing()
		w.rounds, w.down = 0, 0
		if was {
			return Resumed
		}
	}
	return ""
}

func (w *weather) hold(now time.Time, wait time.Duration) EventKind {
	until := now.Add(wait)
	if !until.After(w.open) {
		return ""
	}
	// A hold that is hardly longer than the one there is, is no news.
	news := until.Sub(w.open) > wait/4
	w.open = until
	if !news {
		return ""
	}
	return Held
}
