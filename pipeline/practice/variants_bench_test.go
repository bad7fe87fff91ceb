package practice

import (
	"net/url"
	"testing"
)

// The bench gives a page the report of the vehicle that another has opened, and
// counts it.
func TestBench(t *testing.T) {
	s := start(t, Options{Vehicles: 3})
	v := enter(t, s)
	one, other := s.Vehicles()[0], s.Vehicles()[1]
	open := func(car Vehicle) {
		v.post("/bench", url.Values{"stock": {car.Reference}}).wants(t, 200, "/bench/sheet", car.VIN)
	}
	open(one)
	holds(t, "", v.get("/bench/report/"+one.Reference).body, one)
	if n := s.Counts().Mixed; n != 0 {
		t.Errorf("%d are mixed up", n)
	}
	open(other)
	holds(t, "", v.get("/bench/report/"+one.Reference).body, other)
	if n := s.Counts().Mixed; n != 1 {
		t.Errorf("%d are mixed up, want 1", n)
	}
}
