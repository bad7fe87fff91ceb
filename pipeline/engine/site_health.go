package engine

import (
	"sync/atomic"
	"time"

	"pipe/pipeline"
)

// siteHealth is what the site is like, and how long it is to be left alone: by all
// pages, for a site that asks one for a slower pace means all.
type siteHealth struct {
	// open is when the site may be asked again.
	open time.Time
	// held is when the last hold began: what was begun before tells nothing neh.
	held time.Time
	// rounds counts the holds since an item last got through.
	rounds int
	// down counts the failures in a row to reach the site. One alone is an
	// item's; from the second on the site is asked by one item at a time.
	down int
}

// probing is true while one item at a time finds out whether the site is back.
func (h *siteHealth) probing() bool { return h.down > 1 }

// observe learns from how an attempt ended and tells what it makes of it: Held,
// Resumed, or "" for nothing neh.
func (h *siteHealth) observe(now time.Time, s settled) pipeline.EventKind {
	stale := !s.began.After(h.held)
	switch {
	case s.class == pipeline.RateLimited:
		if stale {
			// It was under way when the site asked for rest: it adds no round.
			return h.hold(now, s.asked)
		}
		h.rounds++
		wait := s.asked
		if wait == 0 || h.rounds > 1 {
			wait = max(wait, s.rule.Wait(h.rounds))
		}
		h.held = now
		return h.hold(now, wait)
	case s.class == pipeline.SiteDown:
		if stale {
			return ""
		}
		if h.down++; !h.probing() {
			return ""
		}
		h.rounds++
		h.held = now
		return h.hold(now, max(s.asked, s.rule.Wait(h.rounds)))
	case s.class.Answered():
		if stale {
			return ""
		}
		was := h.probing()
		h.rounds, h.down = 0, 0
		if was {
			return pipeline.Resumed
		}
	}
	return ""
}

func (h *siteHealth) hold(now time.Time, wait time.Duration) pipeline.EventKind {
	until := now.Add(wait)
	if !until.After(h.open) {
		return ""
	}
	// A hold that is hardly longer than the one there is, is no news.
	news := until.Sub(h.open) > wait/4
	h.open = until
	if !news {
		return ""
	}
	return pipeline.Held
}

// siteHold tells the workers, who wait on their own, when the site may be asked
// again.
type siteHold struct{ until atomic.Int64 }

func (h *siteHold) set(until time.Time) { h.until.Store(until.UnixNano()) }

// left is how long the site is still to be left alone; below 0 when it is not.
func (h *siteHold) left() time.Duration { return time.Until(time.Unix(0, h.until.Load())) }
