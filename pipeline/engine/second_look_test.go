package engine_test

import (
	"context"
	"errors"
	"testing"

	"pipe/pipeline"
	"pipe/steps"
)

// What ends an item counts once it was seen twice, the second time on a fresh page,
// unless the spec says otherwise. The first look costs no try.
func TestSecondLook(t *testing.T) {
	t.Parallel()
	const (
		one     = "retry: {attempts: 1"
		perPage = `download:
  - set: {none: yes}
  - {if: 'vars.none == "yes"', skip: there is none}
`
		perItem = `download:
  - {if: 'item.ref == "A"', skip: there is none}
`
	)
	gone := error(&steps.StatusError{URL: "http://site/A", Status: 404})
	for name, c := range map[string]struct {
		fault error
		// times is how often it strikes; then the file comes.
		times    int
		edits    []string
		status   pipeline.Status
		attempts int
		free     int
		reason   string
	}{
		"seen twice":                 {fault: gone, times: 9, status: pipeline.Failed, attempts: 2, free: 1, reason: gone.Error() + " (seen twice)"},
		"found by the second look":   {fault: gone, times: 1, status: pipeline.Done, attempts: 2, free: 1},
		"rejected":                   {fault: &steps.ClassError{Class: "rejected", Err: errors.New("not yours")}, times: 9, status: pipeline.Failed, attempts: 2, free: 1, reason: "not yours (seen twice)"},
		"with a single try":          {fault: gone, times: 9, edits: []string{"retry: {attempts: 3", one}, status: pipeline.Failed, attempts: 2, free: 1, reason: gone.Error() + " (seen twice)"},
		"found, with a single try":   {fault: gone, times: 1, edits: []string{"retry: {attempts: 3", one}, status: pipeline.Done, attempts: 2, free: 1},
		"by a rule under classify":   {fault: &steps.StatusError{Status: 500}, times: 9, edits: []string{"retry:", "classify: [{status: 500, class: not_found}]\nretry:"}, status: pipeline.Failed, attempts: 2, free: 1, reason: (&steps.StatusError{Status: 500}).Error() + " (seen twice)"},
		"the spec says how often":    {fault: gone, times: 9, edits: []string{"retry: {", "retry: {not_found: {attempts: 1}, "}, status: pipeline.Failed, attempts: 1, reason: gone.Error()},
		"the spec says three times":  {fault: gone, times: 2, edits: []string{"retry: {", "retry: {not_found: 3, "}, status: pipeline.Done, attempts: 3},
		"the spec wants none":        {fault: gone, times: 9, edits: []string{"retry: {", "retry: {confirm: [], "}, status: pipeline.Failed, attempts: 1, reason: gone.Error()},
		"the spec wants it of skips": {fault: gone, times: 9, edits: []string{"retry: {", "retry: {confirm: skip, "}, status: pipeline.Failed, attempts: 1, reason: gone.Error()},
		"by the row alone":           {times: 9, edits: []string{"download:\n", "download:\n  - {if: 'item.ref == \"A\"', fail: {class: not_found, reason: no such row}}\n"}, status: pipeline.Failed, attempts: 1, reason: "no such row"},
		"skipped for the page":       {edits: []string{"download:\n", perPage}, status: pipeline.Skipped, attempts: 2, free: 1, reason: "there is none (seen twice)"},
		"skipped for the row":        {edits: []string{"download:\n", perItem}, status: pipeline.Skipped, attempts: 1, reason: "there is none"},
		"skips need none":            {edits: []string{"download:\n", perPage, "retry: {", "retry: {confirm: [not_found], "}, status: pipeline.Skipped, attempts: 1, reason: "there is none"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, func(_ context.Context, key string, attempt int) (string, error) {
				if attempt > c.times {
					return "the file of " + key, nil
				}
				return "", c.fault
			})
			n := newTestRun(t, s, 1, append([]string{"[{ref: A}, {ref: B}, {ref: C}, {ref: D}, {ref: E}, {ref: F}]", "[{ref: A}]"}, c.edits...)...)
			n.run()
			row := n.items()["A"]
			if row.Status != c.status || row.Attempts != c.attempts || row.Reason != c.reason {
				t.Errorf("it is %s after %d attempts (%s), want %s after %d (%s)", row.Status, row.Attempts, row.Reason, c.status, c.attempts, c.reason)
			}
			runs, err := n.ledger.Runs(t.Context())
			if err != nil || runs[0].Uncounted != c.free {
				t.Errorf("%d attempts cost nothing (%v), want %d", runs[0].Uncounted, err, c.free)
			}
			if looks := n.kinds(pipeline.SecondLook); len(looks) != c.free || s.discards < c.free {
				t.Errorf("%d second looks are told, and %d pages given up, want %d", len(looks), s.discards, c.free)
			}
		})
	}
}
