package snapshot

import (
	"context"
	"math"
	"runtime"
	"time"

	"pipe/pipeline"
)

// metrics is metrics.json. It sums up all runs.
type metrics struct {
	Spec    string    `json:"spec"`
	Run     int64     `json:"run"`
	Updated time.Time `json:"updated"`
	// Item and Phases are of the attempts that brought an item home.
	Item   spread            `json:"seconds_per_item"`
	Phases map[string]spread `json:"seconds_per_phase"`
	// Attempts counts those that ended, Retries those of them that were not
	// the item's first, Uncounted those that did not cost the item a try.
	Attempts  int               `json:"attempts"`
	Retries   int               `json:"retries"`
	Uncounted int               `json:"uncounted"`
	Workers   map[string]worker `json:"workers"`
	Files     int               `json:"files"`
	// SourceRows counts the rows of the newest source, BadRows those of them that
	// are no items.
	SourceRows int     `json:"source_rows"`
	BadRows    int     `json:"bad_rows"`
	Bytes      int64   `json:"bytes"`
	Logins     *int    `json:"logins,omitempty"`
	Process    process `json:"process"`
}

// process is what this program needed when the file was written.
type process struct {
	Goroutines int `json:"goroutines"`
	// Memory is what it has from the system, in bytes, without its browser.
	Memory uint64 `json:"memory"`
}

func ownProcess() process {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return process{Goroutines: runtime.NumGoroutine(), Memory: m.Sys}
}

// worker is what one worker did.
type worker struct {
	Items    int `json:"items"`
	Attempts int `json:"attempts"`
}

// spread is in seconds.
type spread struct {
	Count  int     `json:"count"`
	Avg    float64 `json:"avg"`
	Median float64 `json:"median"`
	P90    float64 `json:"p90"`
	Max    float64 `json:"max"`
}

func inSeconds(s pipeline.Spread) spread {
	return spread{
		Count: s.Count, Avg: seconds(s.Avg), Median: seconds(s.Median), P90: seconds(s.P90), Max: seconds(s.Max),
	}
}

// seconds rounds to milliseconds.
func seconds(d time.Duration) float64 {
	return math.Round(d.Seconds()*1000) / 1000
}

func (w *Writer) writeMetrics(ctx context.Context, run pipeline.RunRow, total sum) error {
	durations, err := w.led.Durations(ctx)
	if err != nil {
		return err
	}
	rows, err := w.led.Workers(ctx)
	if err != nil {
		return err
	}
	m := metrics{
		Spec: w.opts.Spec, Run: run.Number, Updated: time.Now().UTC(),
		Item: inSeconds(durations.Item), Phases: map[string]spread{}, Workers: map[string]worker{},
		Files: total.files, Bytes: total.bytes, Process: ownProcess(), SourceRows: max(run.Length, 0), BadRows: run.Bad,
	}
	for name, phase := range durations.Phases {
		m.Phases[name] = inSeconds(phase)
	}
	for _, row := range rows {
		m.Attempts += row.Attempts
		m.Retries += row.Retries
		m.Uncounted += row.Uncounted
		m.Workers[row.Worker] = worker{Items: row.Done, Attempts: row.Attempts}
	}
	if w.opts.Logins != nil {
		logins := w.opts.Logins()
		m.Logins = &logins
	}
	return w.writeJSON(Metrics, m)
}
