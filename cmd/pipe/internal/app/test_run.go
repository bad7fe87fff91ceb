package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline"
	"pipe/pipeline/artifact"
	"pipe/pipeline/client"
	"pipe/pipeline/engine"
	"pipe/pipeline/ledger"
	"pipe/pipeline/session"
	"pipe/pipeline/source/file"
	"pipe/pipeline/traffic"
	"pipe/specs"
	"pipe/specs/expr"
	"pipe/specs/secret"
)

// testRun runs a few items of a spec through a proxy, one after the other, into a folder
// of its own that is removed: of tables, buckets and those whom a run notifies nothing is
// known here.
type testRun struct {
	spec    *specs.Spec
	secrets *secret.Store
	// traffic answers what is asked.
	traffic http.Handler
	only    []string
	limit   int
	// allRows has the rows read that the spec leaves out, which stand in the traffic too.
	allRows bool
	// offline keeps the browser from asking anyone past the proxy.
	offline bool
	// readRows reads what is not on the site.
	readRows pipeline.RowReader
	// ended is told as soon as the items are done, before the session is.
	ended func()
	say   func(string)
	std   Std

	dir    string
	store  *artifact.Store
	ledger *ledger.Ledger
	// others are the rows that the spec leaves out, and those that it does not.
	others []map[string]any
}

// offlineArgs keep a browser from reaching anything past its proxy.
var offlineArgs = []string{"--force-webrtc-ip-handling-policy=disable_non_proxied_udp", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"}

// testBackoff is the wait between two looks at the site in a test.
const testBackoff = 10 * time.Millisecond

// prepare has the spec do items one by one, each once: what is recorded is what is played.
func (t *testRun) prepare() {
	s := t.spec
	s.Pool.PerAccount, s.Pool.Pages, s.Pool.PagesMin, s.Pool.Adaptive = 0, 1, 1, false
	if s.Pool.Contexts = 1; !s.Account.Empty() {
		s.Pool.Contexts = max(1, len(pipeline.Accounts(s)))
	}
	s.Pool.Recycle = specs.Recycle{}
	one := func() *specs.ClassRule { return &specs.ClassRule{Attempts: 1} }
	backoff := specs.Backoff{Initial: specs.Duration(testBackoff), Max: specs.Duration(testBackoff)}
	s.Retry = specs.Retry{Attempts: 1, Backoff: backoff, Confirm: []string{}, SiteDown: one(), RateLimited: one(), SessionLost: &specs.ClassRule{Attempts: 2}}
	s.StopWhen, s.Refresh = specs.StopWhen{}, nil
	s.Browser.Headed = false
	if t.offline {
		// The recording answers at once, and asks for no certificate.
		s.Browser.Context.Certificates, s.Browser.Context.CA, s.Browser.Context.Proxy = nil, expr.Template{}, nil
		s.Pool.Pace = specs.Pace{}
		s.Timeouts.Step = min(s.Timeouts.Step, specs.Duration(playedStep))
	}
}

// playedStep is how long a step may wait at most for what comes from a recording.
const playedStep = 10 * time.Second

// run does the items, and gives what became of them.
func (t *testRun) run(ctx context.Context) (got *traffic.Expectation, rows []map[string]any, err error) {
	t.prepare()
	if t.dir, err = os.MkdirTemp("", "pipe-test-*"); err != nil {
		return nil, nil, exitEnvironment(err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(t.dir)) }()
	if t.store, err = artifact.Open(ctx, t.dir, artifact.Options{}); err != nil {
		return nil, nil, exitEnvironment(err)
	}
	defer func() { err = errors.Join(err, t.store.Close()) }()
	if t.ledger, err = ledger.Open(ctx, LedgerPath(t.dir)); err != nil {
		return nil, nil, exitEnvironment(err)
	}
	defer func() { err = errors.Join(err, t.ledger.Close()) }()
	proxy, err := traffic.Start(ctx, t.traffic)
	if err != nil {
		return nil, nil, exitEnvironment(err)
	}
	defer func() { err = errors.Join(err, proxy.Close()) }()
	if err := t.items(ctx, proxy); err != nil {
		return nil, nil, err
	}
	return t.collect(ctx)
}

// items runs the spec with a browser of its own.
func (t *testRun) items(ctx context.Context, proxy *traffic.Proxy) (err error) {
	log := slog.New(slog.NewTextHandler(redacted{t.std.Err, t.secrets}, &slog.HandlerOptions{Level: slog.LevelError}))
	opts, err := launchOptions(ctx, t.spec, t.dir, log, t.say)
	if err != nil {
		return err
	}
	// A recording has its login, and what was refused elsewhere does not count.
	opts.StateDir, opts.Refusals, opts.Redact = "", "", t.secrets.Redact
	opts.Context, opts.Proxies, opts.Browser.Authorities = through(opts.Context, proxy.Address()), 0, ""
	if t.offline {
		opts.Browser.Args = append(opts.Browser.Args, offlineArgs...)
	}
	pages, err := launchPool(ctx, opts)
	if err != nil {
		return exitEnvironment(err)
	}
	defer func() { err = errors.Join(err, pages.Close(context.WithoutCancel(ctx))) }()
	cfg := engine.Config{
		Spec: t.spec, Ledger: t.ledger, Store: t.store, Pages: pages, ReadRows: t.readRows, Redact: t.secrets.Redact,
		Dir: t.dir, Limit: t.limit, Only: t.only, Log: log,
	}
	_, err = engine.Run(ctx, cfg)
	if t.ended != nil {
		t.ended()
	}
	if err == nil && t.allRows && t.spec.Source.OnSite() {
		err = t.readAll(ctx, cfg)
	}
	return err
}

// readAll reads the source without what leaves rows out of it.
func (t *testRun) readAll(ctx context.Context, cfg engine.Config) error {
	all := *t.spec
	s := &all.Source
	s.Where, s.Dedupe, s.Order, s.Limit, s.Strict, s.Expect = nil, expr.Template{}, nil, 0, false, nil
	cfg.Spec = &all
	for entry, err := range cfg.Source(cfg.Reporter(), 1).Items(ctx) {
		if err != nil {
			return fmt.Errorf("reading all rows, to find what is to be replaced: %w", err)
		}
		if entry.Bad == nil {
			t.others = append(t.others, entry.Item.Fields)
		}
	}
	return nil
}

// through has all that a context asks go through the proxy, whose certificates are its own.
func through(options func(account, turn int) (client.ContextOptions, error), proxy string) func(account, turn int) (client.ContextOptions, error) {
	return func(account, turn int) (client.ContextOptions, error) {
		o, err := options(account, turn)
		o.Proxy = &playwright.Proxy{Server: proxy}
		o.IgnoreHttpsErrors, o.ClientCertificates, o.Authorities = playwright.Bool(true), nil, nil
		return o, err
	}
}

// siteTransport asks the site as the spec says: by its proxy, with its authorities and
// certificates.
func siteTransport(spec *specs.Spec) (*client.Transport, error) {
	of, err := session.ContextOptions(spec)(0, 0)
	if err != nil {
		return nil, err
	}
	return client.NewTransport(client.ContextOptions{
		BrowserNewContextOptions: playwright.BrowserNewContextOptions{
			IgnoreHttpsErrors: of.IgnoreHttpsErrors, ClientCertificates: of.ClientCertificates, Proxy: of.Proxy,
		},
		Authorities: of.Authorities,
	})
}

// collect reads what became of the items, and the rows of them all.
func (t *testRun) collect(ctx context.Context) (*traffic.Expectation, []map[string]any, error) {
	got := &traffic.Expectation{}
	rows := t.others
	for d, err := range t.ledger.Details(ctx, "") {
		if err != nil {
			return nil, nil, err
		}
		got.Listed++
		var row map[string]any
		if err := json.Unmarshal([]byte(d.Fields), &row); err != nil {
			return nil, nil, fmt.Errorf("reading the row of item %q: %w", d.Key, err)
		}
		rows = append(rows, row)
		if d.Status == pipeline.Pending {
			continue
		}
		item := traffic.Item{Key: d.Key, Status: d.Status, Class: d.Class, Step: d.Step, Reason: d.Reason, Record: traffic.Record(d.Record)}
		files, err := t.ledger.Standing(ctx, d.Key)
		if err != nil {
			return nil, nil, err
		}
		for _, f := range files {
			one, err := t.file(ctx, f.File)
			if err != nil {
				return nil, nil, err
			}
			item.Files = append(item.Files, one)
		}
		got.Items = append(got.Items, item)
	}
	return got, rows, nil
}

// file describes a file by its bytes and by its text.
func (t *testRun) file(ctx context.Context, f pipeline.File) (traffic.File, error) {
	out := traffic.File{Name: f.Name, Type: f.Type, SHA256: f.SHA256}
	placed, err := t.store.OpenPlaced(ctx, f.Name)
	if err != nil {
		return out, err
	}
	defer func() { _ = placed.Close() }() // it is read alone
	proof, err := placed.Prove(ctx, pipeline.Expectation{Type: "any"})
	if err != nil {
		return out, err
	}
	if proof.HasText {
		out.Text = traffic.Flat(proof.Text)
	}
	return out, nil
}

// keepRows reads rows, and keeps them all.
func keepRows(to *[]map[string]any) pipeline.RowReader {
	return func(ctx context.Context, t pipeline.Table) iter.Seq2[pipeline.Row, error] {
		return func(yield func(pipeline.Row, error) bool) {
			for row, err := range file.Read(ctx, t) {
				if err == nil {
					*to = append(*to, row.Fields)
				}
				if !yield(row, err) {
					return
				}
			}
		}
	}
}
