package capture

import "testing"

// A step whose file does not come without its tab has the next ones come by it, more
// of them each time; one whose faults come and go does not.
func TestWindowStep(t *testing.T) {
	t.Parallel()
	asked := &windowRequest{windowShape: windowShape{"open", "GET", "https://site.example"}}
	s := (&windowSteps{}).of("download.steps[0]", "https://site.example")
	tab := func() {
		t.Helper()
		p := s.plan()
		if len(p.shapes) > 0 {
			t.Fatal("no tab is opened")
		}
		p.came(asked, nil)
	}
	without := func(well bool) {
		t.Helper()
		p := s.plan()
		if len(p.shapes) == 0 {
			t.Fatal("a tab is opened")
		}
		p.ended(well)
	}
	tab()
	for _, n := range []int{1, 2, 4} {
		without(false)
		for range n {
			tab()
		}
	}
	for range 3 {
		without(true)
	}
	late := s.plan()
	without(false)
	late.ended(false) // it says nothing that is not known
	tab()
	before := s.plan()
	without(false)
	before.came(asked, nil) // nor does this
	tab()
	tab()
	without(true)
	s.plan().need()
	if s.plan() != nil {
		t.Error("a page that needs its windows is not given them")
	}
	if (&windowSteps{}).of("x", "").plan() == nil {
		t.Error("nothing is learned of a step that is new")
	}
}
