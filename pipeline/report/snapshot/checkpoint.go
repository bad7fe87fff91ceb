package snapshot

import (
	"context"
	"math"
	"time"

	"pipe/pipeline"
)

// recently is the stretch of time that tells the present rate.
const recently = 5 * time.Minute

// reasonsShown bounds the reasons of each class in checkpoint.json: sites that
// put the item's key into their messages would fill it otherwise.
const reasonsShown = 20

// badRowsShown bounds the bad rows in checkpoint.json.
const badRowsShown = 100

// checkpoint is checkpoint.json.
type checkpoint struct {
	Spec     string    `json:"spec"`
	Revision string    `json:"revision"`
	Run      int64     `json:"run"`
	Partial  bool      `json:"partial"`
	Started  time.Time `json:"started,omitzero"`
	Updated  time.Time `json:"updated"`
	// Ended and Reason are there once the run has ended.
	Ended  time.Time       `json:"ended,omitzero"`
	Reason string          `json:"reason,omitempty"`
	Totals pipeline.Totals `json:"totals"`
	// Percent is the part of the rows that needs nothing more, rounded down.
	Percent float64 `json:"percent"`
	// Rate is in items done or failed a minute.
	Rate rate `json:"rate_per_minute"`
	// SecondsLeft is null when nobody can tell: before the first items are
	// finished, when the run has ended, and when it is partial, since the
	// ledger does not know how many items it is to do.
	SecondsLeft *int64        `json:"seconds_left"`
	Failed      []failedClass `json:"failed"`
	// SourceRows is how many rows the source has, null as long as its end was not
	// reached, and ShortList what is wrong with that.
	SourceRows *int   `json:"source_rows"`
	ShortList  string `json:"short_list,omitempty"`
	// BadRows are the first rows of the source that are no items.
	BadRows []pipeline.RejectedRow `json:"bad_rows,omitempty"`
}

type rate struct {
	Recent  float64 `json:"last_5_minutes"`
	Overall float64 `json:"overall"`
}

// failedClass is the failures of one class.
type failedClass struct {
	Class   pipeline.Class `json:"class"`
	Items   int            `json:"items"`
	Reasons []failedReason `json:"reasons"`
	// Others counts the items with reasons that are not shown.
	Others int `json:"others,omitempty"`
}

type failedReason struct {
	Reason string `json:"reason"`
	Items  int    `json:"items"`
}

func (w *Writer) writeCheckpoint(ctx context.Context, run pipeline.RunRow) error {
	totals, err := w.led.Totals(ctx)
	if err != nil {
		return err
	}
	reasons, err := w.led.FailureReasons(ctx)
	if err != nil {
		return err
	}
	rejected, err := w.badRows(ctx)
	if err != nil {
		return err
	}
	now := time.Now().UTC()
	speed, err := w.rate(ctx, run, now)
	if err != nil {
		return err
	}
	var length *int
	if run.Number > 0 && run.Length >= 0 {
		length = &run.Length
	}
	return w.writeJSON(Checkpoint, checkpoint{
		Spec: w.opts.Spec, Revision: run.Revision, Run: run.Number, Partial: run.Partial,
		Started: run.Started, Updated: now, Ended: run.Ended, Reason: run.Reason,
		Totals: totals, Percent: percent(totals), Rate: speed,
		SecondsLeft: secondsLeft(run, totals, speed), Failed: byClass(reasons), SourceRows: length, ShortList: run.Short, BadRows: rejected,
	})
}

// badRows gives those that are shown.
func (w *Writer) badRows(ctx context.Context) ([]pipeline.RejectedRow, error) {
	var rows []pipeline.RejectedRow
	for row, err := range w.led.Rejected(ctx) {
		if err != nil {
			return nil, err
		}
		if rows = append(rows, row); len(rows) == badRowsShown {
			break
		}
	}
	return rows, nil
}

// rate counts what the run has finished by now, or by its end.
func (w *Writer) rate(ctx context.Context, run pipeline.RunRow, now time.Time) (rate, error) {
	if run.Number == 0 {
		return rate{}, nil
	}
	until := now
	if !run.Ended.IsZero() {
		until = run.Ended
	}
	elapsed := until.Sub(run.Started)
	overall, err := w.perMinute(ctx, until, elapsed)
	if err != nil {
		return rate{}, err
	}
	recent, err := w.perMinute(ctx, until, min(recently, elapsed))
	return rate{Recent: recent, Overall: overall}, err
}

// perMinute is the rate of the stretch of time before until.
func (w *Writer) perMinute(ctx context.Context, until time.Time, stretch time.Duration) (float64, error) {
	if stretch <= 0 {
		return 0, nil
	}
	n, err := w.led.FinishedSince(ctx, until.Add(-stretch))
	return math.Round(float64(n)/stretch.Minutes()*100) / 100, err
}

func secondsLeft(run pipeline.RunRow, totals pipeline.Totals, speed rate) *int64 {
	perMinute := speed.Recent
	if perMinute == 0 {
		perMinute = speed.Overall
	}
	if perMinute == 0 || run.Partial || !run.Ended.IsZero() {
		return nil
	}
	seconds := int64(math.Ceil(float64(totals.Left()) / perMinute * 60))
	return &seconds
}

// percent is rounded down, so that 100 means all.
func percent(totals pipeline.Totals) float64 {
	if totals.In == 0 {
		return 0
	}
	return math.Floor(float64(totals.In-totals.Left())/float64(totals.In)*1000) / 10
}

// byClass puts the reasons under their classes, in the order they come.
func byClass(reasons []pipeline.ReasonCount) []failedClass {
	classes := []failedClass{} // [] and not null
	places := map[pipeline.Class]int{}
	for _, r := range reasons {
		place, known := places[r.Class]
		if !known {
			place = len(classes)
			places[r.Class] = place
			classes = append(classes, failedClass{Class: r.Class})
		}
		class := &classes[place]
		class.Items += r.Items
		if len(class.Reasons) == reasonsShown {
			class.Others += r.Items
			continue
		}
		class.Reasons = append(class.Reasons, failedReason{Reason: r.Reason, Items: r.Items})
	}
	return classes
}
