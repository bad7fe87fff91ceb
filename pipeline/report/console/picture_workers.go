package console

import (
	"fmt"
	"strings"

	"charm.land/lipgloss/v2"

	"pipe/pipeline"
	"pipe/pipeline/report/progress"
)

// workers gives a row to each worker, in at most so many, and one to the files that need
// no page any more.
func (p picture) workers(most int) []string {
	shown, rows := p.Workers, []string(nil)
	if len(shown)+1 > most {
		shown = shown[:max(most-2, 1)]
	}
	names, keys := 4, 8
	for _, w := range p.Workers {
		names, keys = max(names, width(w.Name)), max(keys, width(Clean(w.Key)))
	}
	names, keys = min(names, 8), min(keys, p.width/3)
	for _, w := range shown {
		rows = append(rows, p.worker(w, names, keys))
	}
	if rest := p.Workers[len(shown):]; len(rest) > 0 {
		busy := 0
		for _, w := range rest {
			if w.Key != "" {
				busy++
			}
		}
		rows = append(rows, quiet.Render(fmt.Sprintf("… and %d more workers, %d with an item in hand", len(rest), busy)))
	}
	return append(rows, quiet.Render(padded("", names))+"  "+p.arriving())
}

func (p picture) arriving() string {
	switch n := p.Arriving(); n {
	case 0:
		return quiet.Render("no file is on its way without a page")
	case 1:
		return working.Render("1 file on its way without a page")
	default:
		return working.Render(fmt.Sprintf("%d files on their way without a page", n))
	}
}

// stepMost is how wide the column of the steps is, at most: on a wide terminal the times
// stay near them.
const stepMost = 60

// worker is a worker's row: its name, its item, what it is at, for how long, and in which
// attempt.
func (p picture) worker(w *progress.Worker, names, keys int) string {
	row := quiet.Render(padded(w.Name, names)) + "  "
	if w.Key == "" {
		doing := "idle"
		if w.Step != "" {
			doing = "waits for " + Clean(w.Step)
		}
		return row + quiet.Render(doing)
	}
	attempt := ""
	if w.Attempt > 1 {
		attempt = fmt.Sprintf("  attempt %d", w.Attempt)
		if p.width < 70 {
			attempt = fmt.Sprintf("  #%d", w.Attempt)
		}
	}
	took := flushed(short(p.now.Sub(w.Since)), 6)
	step := min(max(p.width-names-keys-4-width(took)-width(attempt), 4), stepMost)
	return row + padded(Clean(w.Key), keys) + "  " + working.Render(padded(Clean(w.Step), step)) + took + notice.Render(attempt)
}

// sessions says how those of each account are.
func (p picture) sessions() []string {
	if len(p.Sessions) == 0 {
		return nil
	}
	type account struct {
		name   string
		counts map[progress.State]int
		n      int
	}
	var all []*account
	known := map[string]*account{}
	for _, s := range p.Sessions {
		a := known[s.Account]
		if a == nil {
			a = &account{name: Clean(s.AccountName), counts: map[progress.State]int{}}
			known[s.Account], all = a, append(all, a)
		}
		a.counts[s.State]++
		a.n++
	}
	var pieces []string
	for _, a := range all {
		var states []string
		for _, state := range []progress.State{progress.Ready, progress.LoggingIn, progress.Lost, progress.GivenUp, progress.Waiting} {
			if n := a.counts[state]; n > 0 {
				states = append(states, stateOf(state, n, a.n))
			}
		}
		pieces = append(pieces, cut(a.name, max(p.width/3, 8))+": "+strings.Join(states, ", "))
	}
	const most = 3
	lines := flow(pieces, p.width-10)
	if len(lines) > most {
		lines = append(lines[:most-1], quiet.Render(fmt.Sprintf("… %d accounts in all", len(all))))
	}
	label := "sessions"
	for i, line := range lines {
		lines[i] = quiet.Render(padded(label, 10)) + line
		label = ""
	}
	return lines
}

// stateOf is how n of an account's sessions are.
func stateOf(state progress.State, n, of int) string {
	style := map[progress.State]lipgloss.Style{
		progress.Ready: well, progress.LoggingIn: working, progress.Lost: notice, progress.GivenUp: wrong, progress.Waiting: quiet,
	}[state]
	text := string(state)
	if state == progress.Waiting {
		text = "not needed yet"
	}
	if of > 1 {
		text = fmt.Sprintf("%d %s", n, text)
	}
	return style.Render(text)
}

// pace says how fast the run may go now, and why.
func (p picture) pace() []string {
	of := p.Pace
	switch {
	case !of.Paused.IsZero():
		return p.labelled("pace", notice, fmt.Sprintf("paused for %s: nothing new is begun", short(p.now.Sub(of.Paused))), 3)
	case of.HeldAt(p.now):
		return p.labelled("pace", notice, held(of.Held, p), 4)
	}
	text, style := fmt.Sprintf("%d of %d pages may be at work", of.Pages, of.PagesMost), quiet
	if of.Why != "" {
		text, style = Clean(of.Why), notice
	}
	if of.Spec != "" {
		text += "; pool.pace: " + Clean(of.Spec)
	}
	return p.labelled("pace", style, text, 3)
}

// held says until when the site is left alone, and why.
func held(e pipeline.Event, p picture) string {
	text := fmt.Sprintf("nothing is begun until %s, for %s", e.Until.Format("15:04:05"), short(e.Until.Sub(p.now)))
	if e.Class != "" {
		text += ", " + string(e.Class)
	}
	if e.Reason != "" {
		text += ": " + Clean(e.Reason)
	}
	return text
}
