package capture

import (
	"slices"
	"testing"
)

// The browser may tell of an answer before it tells of its request.
func TestAnswerBeforeRequest(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		known  bool // it is told of its request at last
		want   []bool
		next   bool // whether the next request of this address is fresh
	}{
		"refused":                {status: 500, known: true, want: []bool{false, true}, next: true},
		"answered":               {status: 200, known: true, want: []bool{false, true}},
		"begun before, refused":  {status: 500, want: []bool{false}},
		"begun before, answered": {status: 200, want: []bool{false}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tr := newTraffic()
			var fresh []bool
			judge := func(f bool) { fresh = append(fresh, f) }
			request := func(id string) {
				tr.onRequest(map[string]any{"requestId": id, "type": "Fetch", "request": map[string]any{"method": "GET", "url": "http://site/no"}})
			}
			judge(tr.answered(paused{network: "1", method: "GET", url: "http://site/no", status: c.status}, judge))
			if c.known {
				request("1")
			}
			if !slices.Equal(fresh, c.want) || !tr.idle() {
				t.Errorf("it was judged fresh %v, want %v; idle: %t", fresh, c.want, tr.idle())
			}
			fresh = nil
			request("2")
			judge(tr.answered(paused{network: "2", method: "GET", url: "http://site/no", status: 500}, judge))
			if !slices.Equal(fresh, []bool{c.next}) {
				t.Errorf("the next was judged fresh %v, want %t", fresh, c.next)
			}
		})
	}
}

// A request of which only its hold tells counts from that on; what is told of it
// after its answer keeps nothing under way.
func TestRequestHeldBefore(t *testing.T) {
	t.Parallel()
	tr := newTraffic()
	tr.begins("1")
	if !tr.answered(paused{network: "1", method: "GET", url: "http://site/file", status: 200}, nil) {
		t.Error("it is not one since the trigger")
	}
	tr.onRequest(map[string]any{"requestId": "1", "type": "Document", "request": map[string]any{"method": "GET", "url": "http://site/file"}})
	if !tr.idle() {
		t.Error("it is under way after its answer")
	}
}
