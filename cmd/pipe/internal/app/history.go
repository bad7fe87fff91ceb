package app

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/report/console"
	"pipe/pipeline/report/summary"
)

const (
	// runsShown is how many runs are listed, the newest of them.
	runsShown = 30
	// runsCompared is of how many runs before the newest is held against their middle.
	runsCompared = 10
)

// historyShown is what `pipe history --json` tells.
type historyShown struct {
	Spec string        `json:"spec"`
	Runs []summary.Run `json:"runs"`
	// Rate and Failed hold the newest run that settled items against those before it.
	Rate   *trend `json:"items_per_minute_trend,omitempty"`
	Failed *trend `json:"failed_percent_trend,omitempty"`
}

// trend is a number of the newest run, and the median of it over Runs runs before.
type trend struct {
	Newest float64 `json:"newest"`
	Before float64 `json:"median_before"`
	Runs   int     `json:"runs_before"`
}

// History is `pipe history`.
func History(ctx context.Context, path string, f KeptOptions, std Std) error {
	return f.read(ctx, path, func(ctx context.Context, k *kept) error {
		rows, err := k.ledger.Runs(ctx)
		if err != nil {
			return err
		}
		shown := historyOf(k.opts.Spec, rows, time.Now(), k.opts.Deserted)
		if f.AsJSON {
			return writeQuietJSON(std, shown)
		}
		shown.print(std.Out)
		return nil
	})
}

func historyOf(spec string, rows []pipeline.RunRow, now time.Time, deserted bool) historyShown {
	shown := historyShown{Spec: spec, Runs: []summary.Run{}}
	var rates, failed []float64
	for _, row := range rows {
		run := summary.RunOf(row, now, deserted)
		shown.Runs = append(shown.Runs, run)
		if settled := run.Done + run.Skipped + run.Failed; settled > 0 {
			rates = append(rates, run.PerMinute)
			failed = append(failed, float64(run.Failed)/float64(settled)*100)
		}
	}
	shown.Rate, shown.Failed = trendOf(rates), trendOf(failed)
	return shown
}

// trendOf holds the last of the numbers against those before; nil where there are none.
func trendOf(all []float64) *trend {
	n := len(all)
	if n < 2 {
		return nil
	}
	before := slices.Sorted(slices.Values(all[max(0, n-1-runsCompared) : n-1]))
	return &trend{Newest: all[n-1], Before: before[len(before)/2], Runs: len(before)}
}

func (h historyShown) print(w io.Writer) {
	fmt.Fprintf(w, "%s: %s\n\n", console.Clean(h.Spec), Count(len(h.Runs), "run"))
	runs := h.Runs[max(0, len(h.Runs)-runsShown):]
	fmt.Fprintf(w, "%5s  %-19s  %-9s  %7s  %7s  %7s  %8s  %s\n", "run", "started", "took", "done", "skipped", "failed", "a minute", "how it ended")
	for _, r := range runs {
		fmt.Fprintf(w, "%5d  %-19s  %-9s  %7d  %7d  %7d  %8.1f  %s\n", r.Number, r.Started.Local().Format("2006-01-02 15:04:05"),
			shortTime(r.Elapsed()), r.Done, r.Skipped, r.Failed, r.PerMinute, ending(r))
	}
	if more := len(h.Runs) - len(runs); more > 0 {
		fmt.Fprintf(w, "… and %d before: --json has all\n", more)
	}
	rates, failed := make([]float64, len(runs)), make([]float64, len(runs))
	for i, r := range runs {
		rates[i], failed[i] = r.PerMinute, float64(r.Failed)
	}
	fmt.Fprintf(w, "\nitems a minute  %s%s\n", sparkline(rates), h.Rate.text("%.1f"))
	fmt.Fprintf(w, "failed          %s%s\n", sparkline(failed), h.Failed.text("%.0f %%"))
}

// ending tells how a run ended.
func ending(r summary.Run) string {
	switch r.State {
	case pipeline.StateRunning:
		return "is under way"
	case pipeline.StateDied:
		return "was killed, or its machine was"
	case pipeline.StateStopped:
		return "stopped: " + console.Clean(r.Reason)
	default:
		return string(r.State)
	}
}

func (t *trend) text(format string) string {
	if t == nil {
		return ""
	}
	return fmt.Sprintf("  newest "+format+", median of the %d before "+format, t.Newest, t.Runs, t.Before)
}

// sparkline draws numbers as bars of a line's height, from 0.
func sparkline(all []float64) string {
	bars := []rune("▁▂▃▄▅▆▇█")
	most := 0.0
	for _, x := range all {
		most = max(most, x)
	}
	line := make([]rune, len(all))
	for i, x := range all {
		if most > 0 {
			line[i] = bars[int(x/most*float64(len(bars)-1)+0.5)]
		} else {
			line[i] = bars[0]
		}
	}
	return string(line)
}
