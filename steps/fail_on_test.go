package steps_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pipe/specs"
	"pipe/steps"
)

const failing = `<p class=error hidden>No report: the printer is on fire</p>
	<button id=ask onclick="fetch('/broken')">ask</button><button id=gone onclick="fetch('/nothing-there')">gone</button>
	<button id=say onclick="document.querySelector('.error').hidden = false">say</button><b id=there>there</b>`

// A step fails as soon as the page shows what fail_on says, and not by anything else.
func TestFailOn(t *testing.T) {
	t.Parallel()
	s := show(t, failing)
	s.fails("answered 502", `click: "#ask"`, `{wait: "#grid", fail_on: {status: [500, "501..599"]}}`)
	s = show(t, failing)
	s.fails("which says \"No report: the printer is on fire\"", `click: "#say"`, `{wait: "#grid", fail_on: {visible: .error}}`)
	// What was there before seems to be what the step waits for.
	s.fails("printer", `{wait: "#there", fail_on: {visible: .error}}`)
	s = show(t, failing)
	s.do(`click: "#gone"`, `{wait: "#there", fail_on: {status: 5xx, visible: .error}}`)
	// The spec's own holds for all steps, those within others too.
	stop, err := s.WatchRequests(&specs.FailOn{Status: specs.StatusSet{{From: 500, To: 599}}})
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	s.fails("answered 502", `{try: [{click: "#ask"}, {wait: "#grid"}], rescue: [{fail: "${{ error.message }}"}]}`)
	// What has failed one step fails no other.
	s.do(`{try: [{click: "#ask"}, {wait: "#grid"}], rescue: [{click: "#there"}, {wait: "#there"}]}`)
}

// A wait in vain tells which of the page's own requests failed meanwhile.
func TestFailedRequestsAreTold(t *testing.T) {
	t.Parallel()
	s := show(t, failing)
	err := s.try(`click: "#ask"`, `{wait: "#grid", timeout: 2s}`)
	var failed *steps.FailedRequestsError
	if !errors.As(err, &failed) || !strings.Contains(err.Error(), "the site answered 502 at "+s.url+"/broken") {
		t.Errorf("got %v", err)
	}
	if got := steps.FailedRequests(s.ctx, s.Page, time.Now().Add(time.Hour)); len(got) > 0 {
		t.Errorf("of later: %v", got)
	}
}
