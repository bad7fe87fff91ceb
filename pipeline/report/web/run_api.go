package web

import (
	"errors"
	"net/http"

	"pipe/pipeline/report/summary"
)

// runDetail is a run with what its charts are drawn from.
type runDetail struct {
	runView
	Outcome    string             `json:"outcome"`
	Next       summary.Command    `json:"next"`
	Throughput summary.Throughput `json:"throughput"`
	Stages     []summary.Stage    `json:"stages"`
	Workers    []summary.Worker   `json:"workers"`
	Causes     []causeView        `json:"causes"`
	// Evidence is what was kept of logins and of the source.
	Evidence []evidenceView `json:"evidence"`
}

func (h *handler) showRun(r *http.Request) (runDetail, error) {
	spec, led, err := h.mustLedger(r)
	if err != nil {
		return runDetail{}, err
	}
	n, err := number(r, "run")
	if err != nil {
		return runDetail{}, err
	}
	report, err := spec.Kept.Report(r.Context(), n)
	if errors.Is(err, summary.ErrNoRun) {
		return runDetail{}, &statusError{http.StatusNotFound, "there is no such run"}
	}
	if err != nil {
		return runDetail{}, err
	}
	row, err := led.Run(r.Context(), n)
	if err != nil {
		return runDetail{}, err
	}
	kept, err := spec.evidenceOf(r, led)
	view := runDetail{
		runView: spec.viewRun(r.Context(), row), Outcome: spec.Kept.Redact(report.Outcome), Next: report.Next, Throughput: report.Throughput,
		Stages: report.Stages, Workers: report.Workers, Causes: spec.viewCauses(report, kept), Evidence: []evidenceView{},
	}
	for _, one := range kept {
		if one.Run == n && one.Key == "" {
			view.Evidence = append(view.Evidence, one)
		}
	}
	return view, err
}
