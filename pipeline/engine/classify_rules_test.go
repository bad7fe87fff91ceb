package engine_test

import (
	"context"
	"errors"
	"testing"

	"pipe/pipeline"
	"pipe/pipeline/ledger"
	"pipe/steps"
)

// The spec's rules go before what the error is, the first that fits first.
func TestClassify(t *testing.T) {
	t.Parallel()
	status := func(code int) error { return &steps.StatusError{URL: "http://site/files/A", Status: code} }
	const page = `<html><head><style>p{}</style></head><body><p>Too  many
		<b>requests</b></p></body></html>`
	for name, c := range map[string]struct {
		rules string
		fault error
		body  string
		class pipeline.Class
	}{
		"status":             {`[{status: 403, class: not_found}]`, status(403), "", pipeline.NotFound},
		"another status":     {`[{status: [403, 405], class: not_found}]`, status(408), "", pipeline.Transient},
		"by itself":          {`[{status: 403, class: not_found}]`, status(400), "", pipeline.Rejected},
		"too early":          {`[{status: 403, class: not_found}]`, status(425), "", pipeline.Transient},
		"url":                {`[{url: "**/files/*", class: rejected}]`, status(500), "", pipeline.Rejected},
		"both must hold":     {`[{url: "**/files/*", status: 501, class: rejected}]`, status(500), "", pipeline.Transient},
		"expression":         {`[{if: 'error.message contains "quota" && item.ref == "A"', class: crashed}]`, errors.New("no quota left"), "", pipeline.Crashed},
		"another item":       {`[{if: 'item.ref == "B"', class: crashed}]`, errors.New("no quota left"), "", pipeline.Transient},
		"what it was":        {`[{if: 'error.class == "site_down" && error.status == 502', class: transient}]`, status(502), "", pipeline.Transient},
		"the first":          {`[{status: 404, class: rejected}, {status: 404, class: spec}]`, status(404), "", pipeline.Rejected},
		"text of the file":   {`[{text: too many REQUESTS, class: rate_limited}, {if: "true", class: spec}]`, nil, page, pipeline.RateLimited},
		"not that text":      {`[{text: maintenance, class: rate_limited}, {if: "true", class: rejected}]`, nil, page, pipeline.Rejected},
		"not its markup":     {`[{text: body, class: rate_limited}]`, nil, page, pipeline.ProofFailed},
		"no page to look at": {`[{selector: "#x", class: rate_limited}]`, nil, page, pipeline.ProofFailed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, func(_ context.Context, key string, attempt int) (string, error) {
				if key == "A" && attempt == 1 {
					return c.body, c.fault
				}
				return "the file of " + key, nil
			})
			n := newTestRun(t, s, 1, "retry:", "classify: "+c.rules+"\nretry:")
			n.run()
			failed := append(n.kinds(pipeline.AttemptFailed), n.kinds(pipeline.SecondLook)...)
			if len(failed) != 1 || failed[0].Class != c.class {
				t.Errorf("got %+v, want one %s", failed, c.class)
			}
		})
	}
}

// Each class takes a rule of the spec's: how often, and at whose cost.
func TestRulesOfTheSpec(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		retry    string
		fault    error
		attempts int
		costs    bool
	}{
		"free":             {"transient: {costs: false}", errors.New("reset"), 20, false},
		"free, bounded":    {"transient: {costs: false, attempts: 5}", errors.New("reset"), 5, false},
		"at a cost":        {"rate_limited: {costs: true}", &steps.StatusError{Status: 429}, 3, true},
		"down at a cost":   {"site_down: {costs: true, attempts: 4}", &steps.StatusError{Status: 504}, 4, true},
		"lost, bounded":    {"session_lost: 2", steps.ErrSessionLost, 2, false},
		"spec, once more":  {"not_found: 2", &steps.StatusError{Status: 404}, 2, true},
		"as it is already": {"rate_limited: {costs: false}", &steps.StatusError{Status: 429}, 20, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, func(context.Context, string, int) (string, error) { return "", c.fault })
			n := newTestRun(t, s, 1, "retry: {", "stop_when: {drift: 0}\nretry: {"+c.retry+", ", "[{ref: A}, {ref: B}, {ref: C}, {ref: D}, {ref: E}, {ref: F}]", "[{ref: A}]")
			n.run()
			if row := n.items()["A"]; row.Status != pipeline.Failed || row.Attempts != c.attempts {
				t.Errorf("it is %s after %d attempts, want failed after %d", row.Status, row.Attempts, c.attempts)
			}
			if runs := ledgerRuns(n, n.ledger); runs[0].Uncounted > 0 == c.costs {
				t.Errorf("%d attempts cost nothing", runs[0].Uncounted)
			}
		})
	}
}

func ledgerRuns(n *testRun, led *ledger.Ledger) []pipeline.RunRow {
	n.Helper()
	runs, err := led.Runs(n.Context())
	if err != nil {
		n.Fatal(err)
	}
	return runs
}
