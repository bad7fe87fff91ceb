package console

import (
	"fmt"
	"strings"
	"time"

	"charm.land/lipgloss/v2"

	"pipe/pipeline"
	"pipe/pipeline/report/progress"
)

// The colours mean the same everywhere; the terminal's own sixteen fit its background.
// Where it has none, or NO_COLOR is set, none reach it, and the words say the same.
var (
	strong  = lipgloss.NewStyle().Bold(true)
	quiet   = lipgloss.NewStyle().Faint(true)
	well    = lipgloss.NewStyle().Foreground(lipgloss.Green)
	notice  = lipgloss.NewStyle().Foreground(lipgloss.Yellow)
	wrong   = lipgloss.NewStyle().Foreground(lipgloss.Red)
	working = lipgloss.NewStyle().Foreground(lipgloss.Cyan)
)

// picture is a progress on a terminal of some size.
type picture struct {
	*progress.Progress
	now           time.Time
	width, height int
	// keys are the lines that tell the keys, none where there is no keyboard.
	keys []string
}

// block is some rows of a picture. On a low terminal those with the highest drop are left
// out first; 0 never is.
type block struct {
	rows []string
	drop int
}

// draw makes the picture, at most as wide and high as the terminal.
func (p picture) draw() string {
	// The last column stays free: some terminals wrap there.
	p.width = max(p.width-1, 1)
	if p.Started.IsZero() {
		return cut("starting…", p.width)
	}
	space := block{[]string{""}, 9}
	blocks := []block{
		{p.title(), 0},
		{p.counts(), 0},
		{p.time(), 0},
		space,
		{nil, 0},
		space, // the workers
		{p.sessions(), 4},
		{p.pace(), 2},
		{p.last(), 5},
		{p.failure(), 3},
		{p.late(), 1},
		space,
		{p.keys, 6},
	}
	const workers = 4
	least := min(len(p.Workers)+1, 4)
	for most := 9; most > 0 && rowsOf(blocks)+least > p.height-1; most-- {
		for i := range blocks {
			if blocks[i].drop == most {
				blocks[i].rows = nil
			}
		}
	}
	blocks[workers].rows = p.workers(max(p.height-1-rowsOf(blocks), 1))
	var rows []string
	for _, b := range blocks {
		rows = append(rows, b.rows...)
	}
	rows = rows[:min(len(rows), max(p.height-1, 1))]
	for i, row := range rows {
		rows[i] = cut(row, p.width)
	}
	return strings.TrimRight(strings.Join(rows, "\n"), "\n")
}

func rowsOf(blocks []block) int {
	n := 0
	for _, b := range blocks {
		n += len(b.rows)
	}
	return n
}

// title says what runs, for how long, and shows how much of it is settled.
func (p picture) title() []string {
	name, took := Clean(p.Spec), short(p.now.Sub(p.Started))
	run := fmt.Sprintf("  run %d", p.Run)
	name = cut(name, max(p.width-len(run)-len(took)-2, 1))
	gap := strings.Repeat(" ", max(p.width-width(name)-len(run)-len(took), 1))
	return []string{strong.Render(name) + quiet.Render(run) + gap + took, p.bar()}
}

// bar is the part of the rows that is settled, by how it is, and the rest.
func (p picture) bar() string {
	label := fmt.Sprintf(" %3.0f %%", percent(p.Totals))
	t, room := p.Totals, max(p.width-len(label), 1)
	if t.In == 0 {
		return quiet.Render(strings.Repeat("░", room)) + label
	}
	settled := room * (t.In - t.Left()) / t.In
	failed := min(part(room, t.Failed, t.In), settled)
	passed := min(part(room, t.Skipped, t.In), settled-failed)
	return well.Render(strings.Repeat("█", settled-failed-passed)) + notice.Render(strings.Repeat("▒", passed)) +
		wrong.Render(strings.Repeat("x", failed)) + quiet.Render(strings.Repeat("░", room-settled)) + label
}

// part is how much of the room n of all are: what there is, shows.
func part(room, n, all int) int {
	if n == 0 {
		return 0
	}
	return max(room*n/all, 1)
}

// counts says how many items stand where.
func (p picture) counts() []string {
	t := p.Totals
	count := func(style lipgloss.Style, n int, what string) string {
		text := thousands(n) + " " + what
		if n == 0 {
			return quiet.Render(text)
		}
		return style.Render(text)
	}
	plain := lipgloss.NewStyle()
	return flow([]string{
		count(well, t.Done-t.Due, "done"), count(notice, t.Skipped, "skipped"), count(wrong, t.Failed, "failed"), count(plain, t.Left(), "pending"),
		count(plain, t.Duplicates, "duplicates"), count(wrong, t.Bad, "bad rows"),
	}, p.width)
}

// thousands writes a number with its thousands apart.
func thousands(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// time says how fast it goes, how long it will take, and what of it is this run's.
func (p picture) time() []string {
	if !p.Read {
		return []string{working.Render("reading the source…")}
	}
	var pieces []string
	if rate := p.Estimate.Rate(p.now); rate > 0 {
		pieces = append(pieces, fmt.Sprintf("%.1f a minute", rate))
	}
	n, _ := p.Estimate.ToDo()
	left, ok := p.Estimate.Left(p.now)
	switch {
	case p.Stopping != "":
		pieces = append(pieces, notice.Render(Clean(p.Stopping)))
	case ok:
		pieces = append(pieces, strong.Render(left.String()+" left"), "ends "+p.ends(left))
	case n == 0:
		pieces = append(pieces, "nothing left to begin")
	case !p.Pace.Paused.IsZero():
		pieces = append(pieces, "time left: paused")
	default:
		pieces = append(pieces, "time left: not known before something is done")
	}
	if n, limited := limited(p.Progress); limited && n > 0 {
		pieces = append(pieces, fmt.Sprintf("this run does %s more", thousands(n)))
	}
	return flow(pieces, p.width)
}

// ends is when a span is over.
func (p picture) ends(left progress.Span) string {
	low, high := p.clock(left.Low), p.clock(left.High)
	if low == high {
		return low
	}
	return low + "–" + high
}

// clock is the time of day after a while, with its date where that is days away.
func (p picture) clock(after time.Duration) string {
	if after > 20*time.Hour {
		return p.now.Add(after).Format("2 Jan 15:04")
	}
	return p.now.Add(after).Format("15:04")
}

// labelled puts a word before a text that is wrapped beside it, in at most so many rows.
func (p picture) labelled(label string, style lipgloss.Style, text string, most int) []string {
	const beside = 10
	lines := wrap(text, p.width-beside, 0)
	if len(lines) > most {
		lines = lines[:most]
		lines[most-1] = cut(lines[most-1], p.width-beside-1) + "…"
	}
	for i, line := range lines {
		lines[i] = quiet.Render(padded(label, beside)) + style.Render(line)
		label = ""
	}
	return lines
}

// late says that the run will not end when it was to, and by how much as things are now.
func (p picture) late() []string {
	if p.Late == nil {
		return nil
	}
	by := p.Late.Until
	text := "it was to end by " + by.Format("15:04")
	if left, ok := p.Estimate.Left(p.now); ok {
		if over := p.now.Add(left.Likely).Sub(by); over > 0 {
			text += ", and will about " + short(over) + " later"
		} else {
			text += ", and may still"
		}
	}
	return p.labelled("late", wrong, text, 3)
}

// last names the items that came to an end of late, as many as there is room for.
func (p picture) last() []string {
	var pieces []string
	for _, item := range p.Last {
		key := cut(Clean(item.Key), max(p.width/3, 8))
		switch item.Kind {
		case pipeline.ItemDone:
			key = well.Render(key) + " " + short(item.Took)
		case pipeline.ItemSkipped:
			key = notice.Render(key + " skipped")
		default:
			key = wrong.Render(key + " failed")
		}
		pieces = append(pieces, key)
	}
	if pieces == nil {
		return nil
	}
	return []string{quiet.Render(padded("last", 10)) + flow(pieces, p.width-10)[0]}
}

// failure says what failed last, and why.
func (p picture) failure() []string {
	if p.Failure == nil {
		return nil
	}
	e := *p.Failure
	style, then := wrong, ""
	if e.Kind == pipeline.AttemptFailed {
		style, then = notice, ", to be tried again"
	}
	text := fmt.Sprintf("%s  %s, attempt %d%s%s: %s%s", e.Time.Format("15:04:05"), Clean(e.Key), e.Attempt, classed(e.Class), then, Clean(e.Reason), at(e.Step))
	return p.labelled("failed", style, text, max(p.height/4, 3))
}
