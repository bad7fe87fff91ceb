package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

const (
	// statesEvery is the least time between two states, keepAlive the most without a word:
	// what stands between may close what is silent.
	statesEvery, keepAlive = 250 * time.Millisecond, 20 * time.Second
	// retryAfter is when a browser comes back, in milliseconds.
	retryAfter = 1000
)

// serveEvents tells the state of a spec, or of all, now and whenever it changes. Nobody
// waits for whoever reads: it has the newest state or, if it takes none in time, is let
// go, and comes back for it.
func (h *handler) serveEvents(w http.ResponseWriter, r *http.Request) {
	specs := h.specs
	if id := r.URL.Query().Get("spec"); id != "" {
		r.SetPathValue("spec", id)
		spec, err := h.spec(r)
		if err != nil {
			fail(w, http.StatusNotFound, err.Error())
			return
		}
		specs = []*Spec{spec}
	}
	news := make(chan struct{}, 1)
	for _, spec := range specs {
		defer spec.Live.watch(news)()
	}
	w.Header().Set("Content-Type", "text/event-stream")
	stream := eventStream{w: w, control: http.NewResponseController(w)}
	if err := stream.write(fmt.Sprintf("retry: %d\n\n", retryAfter)); err != nil {
		return
	}
	quiet := time.NewTicker(keepAlive)
	defer quiet.Stop()
	for {
		if err := stream.state(specs); err != nil {
			return
		}
		// Then what comes close behind is one state.
		pause := time.NewTimer(statesEvery)
		select {
		case <-pause.C:
		case <-r.Context().Done():
			pause.Stop()
			return
		}
		for waiting := true; waiting; {
			select {
			case <-news:
				waiting = false
			case <-quiet.C:
				if err := stream.write(": still here\n\n"); err != nil {
					return
				}
			case <-r.Context().Done():
				return
			}
		}
	}
}

// eventStream writes events, each within a limit.
type eventStream struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

func (s eventStream) state(specs []*Spec) error {
	states := map[string]liveView{}
	for _, spec := range specs {
		states[spec.ID] = spec.Live.view(time.Now())
	}
	text, err := json.Marshal(states)
	if err != nil {
		return err
	}
	return s.write(fmt.Sprintf("event: state\ndata: %s\n\n", text))
}

func (s eventStream) write(text string) error {
	if err := s.control.SetWriteDeadline(time.Now().Add(writeLimit)); err != nil {
		return err
	}
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.control.Flush()
}
