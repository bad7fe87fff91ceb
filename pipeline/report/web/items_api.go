package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"pipe/pipeline"
)

// itemsMost bounds the items of one answer.
const itemsDefault, itemsMost = 100, 500

type itemView struct {
	Key      string          `json:"key"`
	Seq      int             `json:"seq"`
	Status   pipeline.Status `json:"status"`
	Stale    bool            `json:"stale,omitempty"`
	Class    pipeline.Class  `json:"class,omitempty"`
	Reason   string          `json:"reason,omitempty"`
	Step     string          `json:"step,omitempty"`
	Attempts int             `json:"attempts"`
	Finished time.Time       `json:"finished,omitzero"`
}

type itemsView struct {
	Total  int        `json:"total"`
	Offset int        `json:"offset"`
	Items  []itemView `json:"items"`
}

func (s *Spec) viewItem(row pipeline.ItemRow) itemView {
	return itemView{
		Key: row.Key, Seq: row.Seq, Status: row.Status, Stale: row.Stale, Class: row.Class, Reason: s.Kept.Redact(row.Reason),
		Step: row.Step, Attempts: row.Attempts, Finished: row.Finished,
	}
}

func (h *handler) findItems(r *http.Request) (itemsView, error) {
	spec, led, err := h.mustLedger(r)
	if err != nil {
		return itemsView{}, err
	}
	query, err := queryOf(r)
	if err != nil {
		return itemsView{}, err
	}
	page, err := led.FindItems(r.Context(), query)
	view := itemsView{Total: page.Total, Offset: query.Offset, Items: []itemView{}}
	for _, row := range page.Items {
		view.Items = append(view.Items, spec.viewItem(row))
	}
	return view, err
}

// queryOf reads what a request asks for.
func queryOf(r *http.Request) (pipeline.ItemQuery, error) {
	values := r.URL.Query()
	q := pipeline.ItemQuery{
		Search: values.Get("search"), Status: pipeline.Status(values.Get("status")), Sort: pipeline.ItemSort(values.Get("sort")),
		Descending: values.Get("order") == "desc", Limit: itemsDefault,
	}
	if values.Has("class") {
		q.Cause = &pipeline.Cause{Class: pipeline.Class(values.Get("class")), Step: values.Get("step")}
	}
	for name, to := range map[string]*int{"offset": &q.Offset, "limit": &q.Limit} {
		if !values.Has(name) {
			continue
		}
		n, err := strconv.Atoi(values.Get(name))
		if err != nil || n < 0 {
			return q, &statusError{http.StatusBadRequest, name + " is no number"}
		}
		*to = n
	}
	q.Limit = min(q.Limit, itemsMost)
	return q, nil
}

// placeOf is where a step stands, as "specs/x.yaml:40:7"; "" for one without.
func placeOf(step string) string {
	_, place, _ := strings.Cut(step, " (")
	return strings.TrimSuffix(place, ")")
}
