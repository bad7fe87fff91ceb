package web

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"slices"
	"strconv"
	"time"

	"pipe/pipeline"
)

// runsMost bounds the runs that are listed of one spec.
const runsMost = 200

type specView struct {
	ID       string           `json:"id"`
	Name     string           `json:"name"`
	Path     string           `json:"path"`
	Folder   string           `json:"folder"`
	Fault    string           `json:"fault,omitempty"`
	CanStart bool             `json:"can_start"`
	Totals   *pipeline.Totals `json:"totals,omitempty"`
	Last     *runView         `json:"last,omitempty"`
	Runs     []runView        `json:"runs,omitempty"`
}

type runView struct {
	Spec       string            `json:"spec"`
	Number     int64             `json:"number"`
	State      pipeline.RunState `json:"state"`
	Reason     string            `json:"reason"`
	Partial    bool              `json:"partial"`
	Started    time.Time         `json:"started"`
	Ended      time.Time         `json:"ended,omitzero"`
	Beat       time.Time         `json:"beat,omitzero"`
	Attempts   int               `json:"attempts"`
	Done       int               `json:"done"`
	Skipped    int               `json:"skipped"`
	Failed     int               `json:"failed"`
	Uncounted  int               `json:"uncounted"`
	Duplicates int               `json:"duplicates"`
	Bad        int               `json:"bad"`
	Length     int               `json:"length"`
	Short      string            `json:"short,omitempty"`
}

func (s *Spec) viewRun(ctx context.Context, r pipeline.RunRow) runView {
	return runView{
		Spec: s.ID, Number: r.Number, State: s.stateOf(ctx, r), Reason: s.Kept.Redact(r.Reason), Partial: r.Partial,
		Started: r.Started, Ended: r.Ended, Beat: r.Beat, Attempts: r.Attempts, Done: r.Done, Skipped: r.Skipped,
		Failed: r.Failed, Uncounted: r.Uncounted, Duplicates: r.Duplicates, Bad: r.Bad, Length: r.Length, Short: r.Short,
	}
}

// stateOf tells where a run stands; who is at work is asked for those alone of which
// nobody has noted an end.
func (s *Spec) stateOf(ctx context.Context, r pipeline.RunRow) pipeline.RunState {
	return r.State(time.Now(), r.Ended.IsZero() && !s.Kept.AtWork(ctx))
}

// ledger is the spec's, false when nothing has run yet.
func (s *Spec) ledger(ctx context.Context) (Ledger, bool, error) {
	if s.Kept == nil {
		return nil, false, nil
	}
	led, err := s.Kept.Ledger(ctx)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	return led, err == nil, err
}

// mustLedger is the same where there must be one.
func (h *handler) mustLedger(r *http.Request) (*Spec, Ledger, error) {
	spec, err := h.spec(r)
	if err != nil {
		return nil, nil, err
	}
	led, is, err := spec.ledger(r.Context())
	if err == nil && !is {
		err = &statusError{http.StatusNotFound, "nothing has run yet"}
	}
	return spec, led, err
}

// view is what is told of a spec; a ledger that cannot be read is its fault.
func (s *Spec) view(ctx context.Context, most int) specView {
	v := specView{ID: s.ID, Name: s.Name, Path: s.Path, Folder: s.Folder, Fault: s.Fault, CanStart: s.Runs != nil}
	led, is, err := s.ledger(ctx)
	if err == nil && is {
		err = v.read(ctx, s, led, most)
	}
	if err != nil {
		v.Fault = err.Error()
	}
	return v
}

func (v *specView) read(ctx context.Context, s *Spec, led Ledger, most int) error {
	totals, err := led.Totals(ctx)
	if err != nil {
		return err
	}
	v.Totals = &totals
	runs, err := newestRuns(ctx, led, most)
	for _, run := range runs {
		v.Runs = append(v.Runs, s.viewRun(ctx, run))
	}
	if len(v.Runs) > 0 {
		v.Last = &v.Runs[0]
	}
	return err
}

// newestRuns gives so many runs, the newest first. For one alone nothing is counted of
// those before.
func newestRuns(ctx context.Context, led Ledger, most int) ([]pipeline.RunRow, error) {
	if most == 1 {
		last, err := led.LastRun(ctx)
		if err != nil || last.Number == 0 {
			return nil, err
		}
		return []pipeline.RunRow{last}, nil
	}
	runs, err := led.Runs(ctx)
	slices.Reverse(runs)
	return runs[:min(len(runs), most)], err
}

func (h *handler) listSpecs(r *http.Request) ([]specView, error) {
	views := []specView{}
	for _, s := range h.specs {
		view := s.view(r.Context(), 1)
		view.Runs = nil
		views = append(views, view)
	}
	return views, nil
}

func (h *handler) listRuns(r *http.Request) ([]runView, error) {
	all := []runView{}
	for _, s := range h.specs {
		all = append(all, s.view(r.Context(), runsMost).Runs...)
	}
	slices.SortStableFunc(all, func(a, b runView) int { return b.Started.Compare(a.Started) })
	return all[:min(len(all), runsMost)], nil
}

func (h *handler) showSpec(r *http.Request) (specView, error) {
	s, err := h.spec(r)
	if err != nil {
		return specView{}, err
	}
	return s.view(r.Context(), runsMost), nil
}

// number is a number in a request's path.
func number(r *http.Request, name string) (int64, error) {
	n, err := strconv.ParseInt(r.PathValue(name), 10, 64)
	if err != nil || n < 1 {
		return 0, &statusError{http.StatusNotFound, "there is no such " + name}
	}
	return n, nil
}
