package render

import (
	"fmt"
	"math"
	"strings"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/report/console"
	"pipe/pipeline/report/summary"
)

// view is what the page's template is made of. All texts in it are one line, and free
// of what turns the writing direction.
type view struct {
	Spec, Outcome, Tone, When, StopReason string
	Run                                   summary.Run
	Split                                 []piece
	Tiles                                 []tile
	Next                                  summary.Command
	Short                                 string
	BadRows                               []string
	Uncertain                             []string
	Bad                                   int
	Others                                []evidenceView
	Causes, Skipped                       []causeView
	Bars                                  barsView
	Stages                                []stageView
	Ticks                                 []tick
	Workers                               []workerView
	LeftOut                               string
	Statuses                              []string
	Made, Zone, Words                     string
}

// piece is a rectangle of a drawing: X and W in per cent of its width, Y and H in pixels.
type piece struct {
	Tone       string
	X, W, Y, H float64
}

// tile is a number with its name.
type tile struct{ Name, Value, Tone string }

// causeView is a cause as the page shows it; W is its part of the most frequent one.
type causeView struct {
	summary.Cause
	More     int
	W        float64
	Evidence *evidenceView
}

func newView(r *summary.Report, o Options, leftOut int) *view {
	zone := o.Now.Location()
	v := &view{
		Spec: console.Clean(r.Spec), Outcome: r.Outcome, Tone: toneOf(r), Run: r.Run, Next: cleanCommand(r.Next),
		Short: console.Clean(r.Short), Bad: r.Counts.Bad, Statuses: statuses, Words: console.Clean(o.Words),
		Made: o.Now.Format("2006-01-02 15:04"), Zone: o.Now.Format("MST (-07:00)"),
	}
	if leftOut > 0 {
		v.LeftOut = fmt.Sprintf("%d items are not in this table, which would be too large for a page: `pipe export items %s` has all.", leftOut, v.Words)
	}
	v.When = fmt.Sprintf("%s to %s, %s", r.Run.Started.In(zone).Format("Monday 2 January 2006, 15:04:05"), r.Run.Ended.In(zone).Format("15:04:05"), duration(r.Run.Elapsed()))
	if r.Run.State == pipeline.StateStopped || r.Run.State == pipeline.StateDied {
		v.StopReason = console.Clean(r.Run.Reason)
	}
	for _, row := range r.BadRows {
		v.BadRows = append(v.BadRows, console.Clean(row.String()))
	}
	for _, row := range r.Uncertain {
		v.Uncertain = append(v.Uncertain, uncertain(row, zone))
	}
	v.count(r)
	pictures := &pictures{dir: o.Dir, root: o.Root, messages: o.Messages, zone: zone}
	for _, e := range r.Evidence {
		v.Others = append(v.Others, pictures.view(e))
	}
	v.Causes, v.Skipped = causeViews(r.Causes, pictures), causeViews(r.Skipped, pictures)
	v.Bars = barsOf(r, zone)
	v.Stages, v.Ticks = stagesOf(r.Stages)
	v.Workers = workersOf(r)
	return v
}

// uncertain tells of a step that somebody has to look after.
func uncertain(row pipeline.UncertainRow, zone *time.Location) string {
	was := "begun"
	if row.Doubted {
		was = "done for other values of the item,"
	}
	return fmt.Sprintf("%s: %q %s %s", console.Clean(row.Key), row.Step, was, row.Begun.In(zone).Format("2006-01-02 15:04:05"))
}

// toneOf is the colour of the outcome.
func toneOf(r *summary.Report) string {
	c := r.Counts
	switch {
	case r.Run.State == pipeline.StateStopped, r.Run.State == pipeline.StateDied, c.Failed+c.Stale+c.Bad+len(r.Uncertain) > 0, r.Short != "":
		return "bad"
	case r.Run.State == pipeline.StateFinished && c.Pending == 0:
		return "good"
	default:
		return "warn"
	}
}

func cleanCommand(c summary.Command) summary.Command {
	return summary.Command{Line: console.Clean(c.Line), Why: c.Why}
}

// count makes the numbers at the top.
func (v *view) count(r *summary.Report) {
	c := r.Counts
	from := 0.0
	for _, part := range []struct {
		n    int
		tone string
	}{{c.Done, "done"}, {c.Skipped, "skipped"}, {c.Failed, "failed"}, {c.Pending, "pending"}} {
		if part.n > 0 {
			w := percent(float64(part.n), float64(c.Items))
			v.Split = append(v.Split, piece{Tone: part.tone, X: from, W: w})
			from = round(from + w)
		}
		v.Tiles = append(v.Tiles, tile{part.tone, fmt.Sprint(part.n), part.tone})
	}
	v.Tiles = append(v.Tiles, tile{"this run", fmt.Sprint(r.Run.Done + r.Run.Skipped + r.Run.Failed), "none"})
	if r.Run.PerMinute > 0 {
		v.Tiles = append(v.Tiles, tile{"a minute", fmt.Sprintf("%.1f", r.Run.PerMinute), "none"})
	}
	v.Tiles = append(v.Tiles, tile{"attempts", fmt.Sprint(r.Run.Attempts), "none"})
	if c.Duplicates > 0 {
		v.Tiles = append(v.Tiles, tile{"duplicates", fmt.Sprint(c.Duplicates), "none"})
	}
}

func causeViews(causes []summary.Cause, pictures *pictures) []causeView {
	var all []causeView
	for _, c := range causes {
		w := causeView{More: c.Items - len(c.Keys), W: percent(float64(c.Items), float64(causes[0].Items))}
		if c.Evidence != nil {
			e := pictures.view(*c.Evidence)
			if c.Evidence.Class == c.Class && c.Evidence.Step == c.Step {
				e.Reason = "" // it is the cause's own
			}
			w.Evidence = &e
		}
		c.Step, c.Place, c.Line, c.Reason, c.Sample = console.Clean(c.Step), console.Clean(c.Place), strings.TrimSpace(console.Clean(c.Line)), console.Clean(c.Reason), console.Clean(c.Sample)
		c.Next = cleanCommand(c.Next)
		keys := make([]string, len(c.Keys))
		for i, key := range c.Keys {
			keys[i] = console.Clean(key)
		}
		c.Keys = keys
		w.Cause = c
		all = append(all, w)
	}
	return all
}

func percent(part, whole float64) float64 {
	if whole <= 0 {
		return 0
	}
	return round(part / whole * 100)
}

func round(x float64) float64 { return math.Round(x*100) / 100 }
