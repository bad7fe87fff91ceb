package evidence_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline"
	"pipe/pipeline/evidence"
	"pipe/pipeline/ledger"
	"pipe/pipeline/testbrowser"
	"pipe/specs"
	"pipe/specs/secret"
)

const (
	password = `pass/w"ord & söul`
	cookie   = "0123456789abcdef-session"
)

// bounds are the spec's own defaults.
var bounds = specs.Evidence{Keep: "page", PerCause: 3, PerRun: 50, Bytes: 200 << 20}

// night is a run that evidence is kept for.
type night struct {
	*testing.T
	dir    string
	ledger *ledger.Ledger
	taker  *evidence.Taker
	log    strings.Builder
	trace  bool
}

func newNight(t *testing.T, bounds specs.Evidence) *night {
	t.Helper()
	n := &night{T: t, dir: t.TempDir()}
	var err error
	if n.ledger, err = ledger.Open(t.Context(), filepath.Join(n.dir, "ledger.sqlite")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.ledger.Close() })
	n.taker = n.begin(bounds)
	return n
}

// begin begins a run in the folder.
func (n *night) begin(bounds specs.Evidence) *evidence.Taker {
	n.Helper()
	secrets := secret.New(func(string) (string, bool) { return password, true })
	secrets.Lookup("PASSWORD")
	run, err := n.ledger.BeginRun(n.Context(), pipeline.RunInfo{Spec: "night", Started: time.Now(), Shared: true})
	if err != nil {
		n.Fatal(err)
	}
	taker := evidence.New(evidence.Options{Dir: n.dir, Bounds: bounds, Ledger: n.ledger, Secrets: secrets, Trace: n.trace, Log: slog.New(slog.NewTextHandler(&n.log, nil))})
	taker.Begin(run)
	return taker
}

// kept is what the ledger has.
func (n *night) kept() (all []pipeline.Evidence) {
	n.Helper()
	for e, err := range n.ledger.Evidence(n.Context(), pipeline.Of{}) {
		if err != nil {
			n.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

// show lends a page that shows what the handler serves.
func show(t *testing.T, handler http.HandlerFunc) playwright.Page {
	t.Helper()
	lent := testbrowser.Open(t)
	site := httptest.NewServer(handler)
	t.Cleanup(site.Close)
	page := lent.Playwright()
	if _, err := page.Goto(site.URL + "/?token=" + url.QueryEscape(password)); err != nil {
		t.Fatal(err)
	}
	return page
}
