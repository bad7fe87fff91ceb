package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/playwright-community/playwright-go"

	"pipe/pipeline"
	"pipe/pipeline/client"
	"pipe/pipeline/engine"
	"pipe/pipeline/preview"
	"pipe/pipeline/report/console"
	"pipe/pipeline/source/file"
	"pipe/pipeline/traffic"
	"pipe/specs"
	"pipe/specs/expr"
	"pipe/steps"
)

// ReplayOptions are what `pipe replay` takes.
type ReplayOptions struct {
	KeptOptions
	Item string
	// Attempt is the attempt's number, 0 for the newest with a page.
	Attempt int
}

// ReplayItem is `pipe replay`.
func ReplayItem(ctx context.Context, path string, f ReplayOptions, std Std) error {
	return f.read(ctx, path, func(ctx context.Context, k *kept) error {
		detail, there, err := k.ledger.Item(ctx, f.Item)
		if err != nil {
			return err
		}
		if !there {
			return unknownKey(ctx, k.ledger, f.Item)
		}
		item, err := itemOf(detail)
		if err != nil {
			return err
		}
		found, err := k.pageOf(ctx, f.Item, f.Attempt)
		if err != nil {
			return err
		}
		r := replay{ReplayOptions: f, kept: k, item: item, found: found, std: std}
		return r.run(ctx)
	})
}

// itemOf is the item that the ledger has.
func itemOf(detail pipeline.ItemDetail) (pipeline.Item, error) {
	item := pipeline.Item{Key: detail.Key, Seq: detail.Seq}
	if err := json.Unmarshal([]byte(detail.Fields), &item.Fields); err != nil {
		return item, fmt.Errorf("reading the row of item %q: %w", detail.Key, err)
	}
	return item, nil
}

// pageOf finds the newest evidence of an item, or of one of its attempts, that has its page.
func (k *kept) pageOf(ctx context.Context, key string, attempt int) (found pipeline.Evidence, err error) {
	for e, err := range k.ledger.Evidence(ctx, pipeline.Of{Key: key}) {
		if err != nil {
			return found, err
		}
		_, missing := os.Stat(k.copyOf(e))
		if missing == nil && (attempt == 0 || e.Attempt == attempt) {
			found = e
		}
	}
	if found.Folder != "" {
		return found, nil
	}
	what := "the item"
	if attempt > 0 {
		what = fmt.Sprintf("attempt %d at it", attempt)
	}
	advice := fmt.Sprintf("a run keeps those of the first %d failures of a cause (evidence.per_cause), where they have a page", k.spec.Evidence.PerCause)
	if !k.spec.Evidence.Pages() {
		advice = fmt.Sprintf("the spec has `evidence: %s`; with `evidence: {keep: page}` the next run keeps them", k.spec.Evidence.Keep)
	}
	return found, Exit(ExitFailed, fmt.Errorf("no page was kept of %s, %q: %s", what, key, advice))
}

func (k *kept) copyOf(e pipeline.Evidence) string {
	return filepath.Join(k.dir, filepath.FromSlash(e.Folder), pipeline.EvidencePage)
}

// replay is one `pipe replay`.
type replay struct {
	ReplayOptions
	kept  *kept
	item  pipeline.Item
	found pipeline.Evidence
	std   Std
	// configure, if set, is given the context of the steps.
	configure func(*steps.StepContext)
}

func (r *replay) run(ctx context.Context) error {
	report := stepPrinter(r.std.Out)
	if r.AsJSON {
		report = stepLines(r.std.Out)
	}
	result, err := r.walk(ctx, func(address string) {
		r.say(map[string]any{"item": r.item.Key, "attempt": r.found.Attempt, "step": r.found.Step, "reason": r.found.Reason, "url": address}, fmt.Sprintf(
			"%s, attempt %d, %s: %s\n  at %s\n  on the copy of %s", r.item.Key, r.found.Attempt, r.found.Class, r.found.Reason, r.found.Step, address))
	}, report)
	var gone *preview.NoStepError
	if errors.As(err, &gone) {
		return Exit(ExitSpec, err)
	}
	if err != nil {
		return err
	}
	return r.result(result)
}

// walk walks the copy of the page, whose address opened is told.
func (r *replay) walk(ctx context.Context, opened func(address string), report func(preview.StepReport)) (result preview.ReplayResult, err error) {
	f, err := os.Open(r.kept.copyOf(r.found))
	if err != nil {
		return result, err
	}
	defer func() { _ = f.Close() }() // it is read alone
	archive, address, err := traffic.ReadPageCopy(f)
	if err != nil {
		return result, err
	}
	opened(address)
	proxy, err := traffic.Start(ctx, traffic.NewPlayer(archive, nil))
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, proxy.Close()) }()
	dir, err := os.MkdirTemp("", "pipe-replay-*")
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	return r.look(ctx, dir, proxy, address, report)
}

// look walks the copy in a browser that reaches nothing else.
func (r *replay) look(ctx context.Context, dir string, proxy *traffic.Proxy, address string, report func(preview.StepReport)) (result preview.ReplayResult, err error) {
	spec := r.kept.spec
	log := slog.New(slog.NewTextHandler(r.std.Err, &slog.HandlerOptions{Level: slog.LevelError}))
	copied := onCopy(spec)
	opts, err := launchOptions(ctx, copied, dir, log, func(line string) { fmt.Fprintln(r.std.Err, line) })
	if err != nil {
		return result, err
	}
	opts.StateDir, opts.Refusals = "", ""
	opts.Context = through(func(int, int) (client.ContextOptions, error) {
		return client.ContextOptions{BrowserNewContextOptions: playwright.BrowserNewContextOptions{BaseURL: &address}}, nil
	}, proxy.Address())
	opts.Browser.Args = append(opts.Browser.Args, offlineArgs...)
	pages, err := launchPool(ctx, opts)
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, pages.Close(context.WithoutCancel(ctx))) }()
	return preview.ReplayCopy(ctx, engine.Config{Spec: copied, Pages: pages, ReadRows: file.Read, Dir: dir, Log: log, Configure: r.configure},
		preview.Replay{Item: r.item, Failed: r.found.Step, Address: address}, report)
}

// onCopy is a spec of which a copy of a page needs no more than the steps: no login, and
// nothing that says how the site is reached.
func onCopy(spec *specs.Spec) *specs.Spec {
	out := *spec
	out.Login, out.Whenever, out.FailOn, out.BaseURL = nil, nil, nil, expr.Address{}
	out.Pool.Contexts, out.Pool.PerAccount, out.Pool.Pages, out.Pool.Block = 1, 0, 1, nil
	out.Browser.Headed = false
	out.Browser.Context = specs.Context{Viewport: spec.Browser.Context.Viewport}
	return &out
}

func (r *replay) say(v map[string]any, text string) {
	if !r.AsJSON {
		fmt.Fprintln(r.std.Out, console.CleanLines(text))
		return
	}
	if line, err := json.Marshal(v); err == nil {
		fmt.Fprintf(r.std.Out, "%s\n", line)
	}
}

// result tells what the copy has shown; the error is the exit code.
func (r *replay) result(of preview.ReplayResult) error {
	if of.Ends != "" {
		r.say(map[string]any{"ends": of.Ends}, "the copy ends at "+of.Ends+": what comes then would show on another page, or on this one when it has changed")
	}
	if of.Found {
		r.say(map[string]any{"found": true}, "the step that failed finds now what it needs; pipe run does the item again with --only and --retry-failed")
		return nil
	}
	text := "the step that failed would fail again"
	if of.Fault != nil {
		text = faultText(*of.Fault, func(text string) string { return text })
	}
	similar := []string{}
	for _, one := range of.Similar {
		similar = append(similar, one)
		text += "\n  there is " + one
	}
	r.say(map[string]any{"found": false, "fault": text, "similar": similar}, text)
	return Exit(ExitFailed, nil)
}
