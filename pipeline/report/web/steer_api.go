package web

import (
	"encoding/json"
	"errors"
	"net/http"

	"pipe/pipeline"
)

// done is the answer to what has been asked for.
type done struct {
	Items int `json:"items,omitempty"`
}

type startRequest struct {
	DryRun bool            `json:"dry_run"`
	Limit  int             `json:"limit"`
	Keys   []string        `json:"keys"`
	Cause  *pipeline.Cause `json:"cause"`
}

// start begins a run, of chosen items or those of a cause where it is asked to.
func (h *handler) start(r *http.Request) (done, error) {
	spec, err := h.spec(r)
	if err != nil {
		return done{}, err
	}
	var ask startRequest
	if err := read(r, &ask); err != nil {
		return done{}, err
	}
	if spec.Runs == nil {
		return done{}, &statusError{http.StatusConflict, "runs are not started from here: use `pipe serve`"}
	}
	if ask.Limit < 0 {
		return done{}, &statusError{http.StatusBadRequest, "limit cannot be negative"}
	}
	keys := ask.Keys
	if ask.Cause != nil {
		_, led, err := h.mustLedger(r)
		if err != nil {
			return done{}, err
		}
		if keys, err = led.FindKeys(r.Context(), pipeline.ItemQuery{Status: pipeline.Failed, Cause: ask.Cause}); err != nil {
			return done{}, err
		}
	}
	if (ask.Keys != nil || ask.Cause != nil) && len(keys) == 0 {
		return done{}, &statusError{http.StatusConflict, "there is no such item by now"}
	}
	err = spec.Runs.Start(r.Context(), Start{DryRun: ask.DryRun, Limit: ask.Limit, Keys: keys})
	if errors.Is(err, ErrBusy) {
		return done{}, &statusError{http.StatusConflict, ErrBusy.Error()}
	}
	return done{Items: len(keys)}, err
}

// steer steers the run under way.
func (h *handler) steer(r *http.Request) (done, error) {
	spec, err := h.spec(r)
	if err != nil {
		return done{}, err
	}
	var ask struct {
		Do      string `json:"do"`
		Workers int    `json:"workers"`
	}
	if err := read(r, &ask); err != nil {
		return done{}, err
	}
	run := spec.Live.Steering()
	if run == nil {
		return done{}, &statusError{http.StatusConflict, "no run that can be steered from here is under way"}
	}
	switch ask.Do {
	case "pause":
		run.Pause()
	case "resume":
		run.Resume()
	case "drain":
		run.Drain()
	case "stop":
		run.Stop()
	case "workers":
		run.SetWorkers(max(ask.Workers, 1))
	default:
		return done{}, &statusError{http.StatusBadRequest, "do is pause, resume, workers, drain or stop"}
	}
	spec.Live.Changed()
	return done{}, nil
}

// read reads what a request holds: JSON, so that no form of another site can send it.
func read(r *http.Request, to any) error {
	if r.Header.Get("Content-Type") != "application/json" {
		return &statusError{http.StatusUnsupportedMediaType, "the request must be application/json"}
	}
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(to); err != nil {
		return &statusError{http.StatusBadRequest, "the request does not parse: " + err.Error()}
	}
	return nil
}
