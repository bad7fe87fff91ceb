package web

import (
	"errors"
	"net/http"

	"pipe/pipeline"
	"pipe/pipeline/report/summary"
)

// causeView is a cause of failures, as [summary.Cause] has it.
type causeView struct {
	Class    pipeline.Class  `json:"class"`
	Step     string          `json:"step"`
	Place    string          `json:"place,omitempty"`
	Line     string          `json:"line,omitempty"`
	Items    int             `json:"items"`
	Sample   string          `json:"sample"`
	Reason   string          `json:"reason"`
	Reasons  int             `json:"reasons"`
	Changed  int             `json:"changed"`
	Next     summary.Command `json:"next"`
	Evidence *evidenceView   `json:"evidence,omitempty"`
}

// listCauses groups the failures as they are now.
func (h *handler) listCauses(r *http.Request) ([]causeView, error) {
	spec, led, err := h.mustLedger(r)
	if err != nil {
		return nil, err
	}
	report, err := spec.Kept.Report(r.Context(), 0)
	if errors.Is(err, summary.ErrNoRun) {
		return []causeView{}, nil
	}
	if err != nil {
		return nil, err
	}
	kept, err := spec.evidenceOf(r, led)
	return spec.viewCauses(report, kept), err
}

// evidenceOf is all that was kept of failures: there is a bounded number of it.
func (s *Spec) evidenceOf(r *http.Request, led Ledger) ([]evidenceView, error) {
	var all []evidenceView
	for e, err := range led.Evidence(r.Context(), pipeline.Of{}) {
		if err != nil {
			return nil, err
		}
		all = append(all, s.viewEvidence(e))
	}
	return all, nil
}

func (s *Spec) viewCauses(report *summary.Report, kept []evidenceView) []causeView {
	views := []causeView{}
	for _, c := range report.Causes {
		view := causeView{
			Class: c.Class, Step: c.Step, Place: c.Place, Line: s.Kept.Redact(c.Line), Items: c.Items, Sample: c.Sample, Reason: s.Kept.Redact(c.Reason),
			Reasons: c.Reasons, Changed: c.Changed, Next: c.Next,
		}
		for i, one := range kept {
			if c.Evidence != nil && one.Run == c.Evidence.Run && one.Key == c.Evidence.Key && one.Attempt == c.Evidence.Attempt {
				view.Evidence = &kept[i]
			}
		}
		views = append(views, view)
	}
	return views
}
