package app

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"pipe/pipeline"
	"pipe/pipeline/engine"
	"pipe/pipeline/preview"
	"pipe/specs"
	"pipe/specs/secret"
	"pipe/steps"
)

// inspectInput names a page.
type inspectInput struct {
	Spec       string `json:"spec,omitempty" jsonschema:"the path of the spec that logs in and leads there"`
	URL        string `json:"url,omitempty" jsonschema:"instead of a spec: an address to open"`
	At         string `json:"at,omitempty" jsonschema:"go on to behind this step, by its path such as navigate.steps[2] or login.steps[0], or its name; source is the page of the table; default navigate.home"`
	Item       string `json:"item,omitempty" jsonschema:"go the steps of the item with this key; default the first of the list"`
	Screenshot bool   `json:"screenshot,omitempty" jsonschema:"a picture of the page too, secrets covered"`
}

// sourceInput names a source.
type sourceInput struct {
	Spec        string `json:"spec" jsonschema:"the path of the spec, relative to the folder of the server"`
	Until       string `json:"until,omitempty" jsonschema:"go no further than this step of the source"`
	Samples     int    `json:"samples,omitempty" jsonschema:"how many items are shown with all columns; default 3"`
	AllowWrites bool   `json:"allow_writes,omitempty" jsonschema:"do steps of the source that may change something on the site"`
}

// dryInput names what is walked.
type dryInput struct {
	Spec  string   `json:"spec" jsonschema:"the path of the spec, relative to the folder of the server"`
	Items []string `json:"items,omitempty" jsonschema:"the keys of the items to walk; default the first that are not done"`
	Limit int      `json:"limit,omitempty" jsonschema:"how many items are walked; default 3"`
}

// addSiteTools adds what goes to the site, by browsers that are kept between calls.
func (m *mcpServer) addSiteTools(s *mcp.Server) {
	tool(s, m, "inspect", "What is on a page as YAML that a spec can have: the accessibility tree with a target for each thing to act on, a source for each table and list, forms as steps, links to files. Changes nothing on the site.", true, m.inspect)
	tool(s, m, "source", "Reads the list of items alone: how many rows, which columns, the first items, each step on the way.", true, m.source)
	tool(s, m, "dry_run", "Walks the first items up to the taking of their files, and only reads: tells what each target resolves to.", true, m.dryRun)
	tool(s, m, "try", "Does one item, telling each step, with a picture where it fails. Ends before the first step that may change something on the site, unless allow_writes is true.", false, m.try)
}

// onSite loads a spec and lends its browser.
func (m *mcpServer) onSite(ctx context.Context, path string, a *answer, do func(ctx context.Context, cfg engine.Config, secrets *secret.Store) error) error {
	spec, secrets, err := m.opts.Load(path)
	if err != nil {
		return RedactError(err, secrets)
	}
	err = m.browsers.with(ctx, path, spec, secrets, func(s *sandbox) error {
		a.meta = mcp.Meta{"pipe/browsers_started": m.browsers.started}
		cfg := s.config()
		cfg.Spec, cfg.Redact = spec, secrets.Redact
		return do(ctx, cfg, secrets)
	})
	return RedactError(cancelled(ctx, err), secrets)
}

// cancelled is the error of a call that its client has given up.
func cancelled(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return Exit(ExitInterrupted, errors.New("cancelled"))
	}
	return err
}

// tell gives what reports of steps are told to: the answer, and the client while it goes on.
func (m *mcpServer) tell(ctx context.Context, call *mcp.CallToolRequest, a *answer) func(preview.StepReport) {
	print := stepPrinter(&a.out)
	progress := m.progress(ctx, call)
	return func(r preview.StepReport) {
		if r.Starts {
			progress(r.Step + " …")
			return
		}
		progress(r.Step + "  " + outcome(r))
		print(r)
	}
}

func (m *mcpServer) inspect(ctx context.Context, call *mcp.CallToolRequest, in inspectInput, a *answer) error {
	what := in.URL
	if what == "" {
		path, err := m.path(in.Spec)
		if err != nil {
			return err
		}
		what = path
	} else if !isAddress(what) {
		return Exit(ExitSpec, errors.New("url: an address begins with http:// or https://"))
	}
	spec, secrets, err := m.opts.loadPlace(what)
	if err != nil {
		return RedactError(err, secrets)
	}
	if err := noStep("at", preview.CheckVisit(spec, in.At)); err != nil {
		return err
	}
	of := what
	switch {
	case in.URL != "":
		of = "an address"
	case preview.VisitsLogin(spec, in.At):
		of += ", not logged in"
	}
	err = m.browsers.with(ctx, of, visited(spec, in.At), secrets, func(s *sandbox) error {
		a.meta = mcp.Meta{"pipe/browsers_started": m.browsers.started}
		cfg := s.config()
		cfg.Spec, cfg.Redact = spec, func(text string) string { return m.guard.redact(secrets.Redact(text)) }
		tell := m.tell(ctx, call, &answer{})
		seen, err := visit(ctx, cfg, in.At, in.Item, tell, func(ctx context.Context, on *steps.StepContext) error {
			if !in.Screenshot {
				return nil
			}
			png, err := on.TakeScreenshot(ctx, false)
			a.pictures = append(a.pictures, png)
			return err
		})
		if err != nil {
			return err
		}
		io.WriteString(&a.out, seen.text()) //nolint:errcheck // a buffer takes all
		if seen.Failed != "" {
			fmt.Fprintf(&a.out, "# it failed on the way, and the page is as that has left it:\n%s\n", seen.Failed)
			return Exit(ExitFailed, nil)
		}
		return nil
	})
	return RedactError(cancelled(ctx, err), secrets)
}

// readsOnly refuses a source that may change something on the site.
func readsOnly(spec *specs.Spec, allowed bool) error {
	if step := preview.SourceWrites(spec); step != "" && !allowed {
		return Exit(ExitSpec, fmt.Errorf("%s may change something on the site, and the list is not known without it: allow_writes has it done", step))
	}
	return nil
}

func (m *mcpServer) source(ctx context.Context, call *mcp.CallToolRequest, in sourceInput, a *answer) error {
	path, err := m.path(in.Spec)
	if err != nil {
		return err
	}
	spec, secrets, err := m.opts.Load(path)
	if err != nil {
		return RedactError(err, secrets)
	}
	if err := errors.Join(readsOnly(spec, in.AllowWrites), noStep("until", preview.CheckSourceUntil(spec, in.Until))); err != nil {
		return Exit(ExitSpec, err)
	}
	read := func(ctx context.Context, cfg engine.Config, secrets *secret.Store) error {
		report := m.tell(ctx, call, a)
		cfg.Observer = sourceFound(func(what string) { report(preview.StepReport{Step: "source", Note: what}) })
		samples := in.Samples
		if samples <= 0 {
			samples = 3
		}
		result, err := preview.ReadSource(ctx, cfg, preview.SourceOptions{Until: in.Until, Samples: samples}, report)
		if err != nil {
			return err
		}
		printSourceResult(&a.out, result)
		if result.Fault != nil {
			fmt.Fprintln(&a.out, faultText(*result.Fault, secrets.Redact))
		}
		if result.Fault != nil || result.Bad > 0 || result.Short != "" || result.Items == 0 && !result.Reached {
			return Exit(ExitFailed, nil)
		}
		return nil
	}
	if spec.Source.OnSite() {
		return m.onSite(ctx, path, a, read)
	}
	cfg, done, err := sourceConfig(ctx, spec, secrets, a.std())
	if err != nil {
		return RedactError(err, secrets)
	}
	err = read(ctx, cfg, secrets)
	return RedactError(errors.Join(cancelled(ctx, err), done()), secrets)
}

func (m *mcpServer) dryRun(ctx context.Context, call *mcp.CallToolRequest, in dryInput, a *answer) error {
	path, err := m.path(in.Spec)
	if err != nil {
		return err
	}
	return m.onSite(ctx, path, a, func(ctx context.Context, cfg engine.Config, secrets *secret.Store) error {
		dir, err := OutFolder("", cfg.Spec)
		if err != nil {
			return err
		}
		var standings pipeline.Standings
		led, err := readLedger(ctx, dir)
		if err != nil {
			return err
		}
		if led != nil {
			defer func() { _ = led.Close() }()
			standings = led
		}
		cfg.Only, cfg.Limit = in.Items, in.Limit
		if cfg.Limit <= 0 {
			cfg.Limit = max(len(in.Items), dryLimit)
		}
		report := m.tell(ctx, call, a)
		cfg.Observer = sourceFound(func(what string) { report(preview.StepReport{Step: "source", Note: what}) })
		result, err := preview.DryRun(ctx, cfg, standings, report)
		if err != nil {
			return noItem(err)
		}
		RunOptions{}.dryReport(cfg.Spec, result, secrets, a.std())
		switch {
		case result.Unmatched:
			return Exit(ExitSpec, nil)
		case result.Failed+result.Bad > 0 || result.Short != "" || len(result.Faults) > 0:
			return Exit(ExitFailed, nil)
		}
		return nil
	})
}

// noItem gives the error of a key that no item has its exit code.
func noItem(err error) error {
	var none *preview.NoItemError
	if errors.As(err, &none) {
		return Exit(ExitSpec, err)
	}
	return err
}
