package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"pipe/pipeline"
	"pipe/pipeline/heal"
	"pipe/pipeline/ledger"
	"pipe/pipeline/preview"
	"pipe/pipeline/report/console"
	"pipe/specs"
	"pipe/specs/secret"
	"pipe/steps"
)

// CheckOptions are what `pipe check` takes.
type CheckOptions struct {
	SpecOptions
	Item            string
	KeptLogin, JSON bool
}

// checkReport is what a check came to.
type checkReport struct {
	Spec string `json:"spec"`
	// Fine is true when all is as it was.
	Fine bool `json:"fine"`
	// Compared counts the targets that were compared with what was known.
	Compared int          `json:"compared"`
	Rows     int          `json:"rows"`
	Drifts   []heal.Drift `json:"drifts"`
	// Unreachable is why the site cannot be looked at, Refused what it says of a login that
	// it refuses; "" where it can.
	Unreachable string `json:"unreachable,omitempty"`
	Refused     string `json:"refused,omitempty"`
}

// checking is one `pipe check`.
type checking struct {
	CheckOptions
	std     Std
	secrets *secret.Store
	spec    *specs.Spec
	ledger  *ledger.Ledger
	watch   *heal.Watch
	done    []string
	report  checkReport
}

// Check is `pipe check`.
func Check(ctx context.Context, path string, f CheckOptions, std Std) error {
	c := &checking{CheckOptions: f, std: std}
	var err error
	if c.spec, c.secrets, err = f.Load(path); err == nil {
		err = untilInterrupted(ctx, c.run)
	}
	if c.secrets != nil {
		err = RedactError(err, c.secrets)
	}
	return err
}

func (c *checking) run(ctx context.Context) (err error) {
	dir, err := OutFolder("", c.spec)
	if err != nil {
		return err
	}
	c.report = checkReport{Spec: c.spec.Name, Drifts: []heal.Drift{}}
	c.watch = &heal.Watch{Spec: c.spec, Redact: c.secrets.Redact}
	if c.watch.Known, c.done, err = knownElements(ctx, dir); err != nil {
		return err
	}
	if c.ledger, err = readLedger(ctx, dir); err != nil {
		return err
	}
	if c.ledger != nil {
		defer func() { _ = c.ledger.Close() }()
	}
	result, err := c.walk(ctx, dir)
	if err == nil || isAbsent(err) || isRefused(err) {
		err = c.compare(ctx, result, err)
	}
	if err != nil {
		return err
	}
	return c.tell()
}

// walk does a dry run of one item: what writes on the site, and the trigger, is not done.
func (c *checking) walk(ctx context.Context, dir string) (result preview.DryResult, err error) {
	if c.spec.Login != nil && !c.KeptLogin {
		keep := false
		c.spec.Login.Keep = &keep
	}
	s, err := openWatchedSandbox(ctx, c.spec, c.secrets, "", dir, c.std.Err, sandboxHooks{configure: func(on *steps.StepContext) { on.Elements = c.watch }})
	if err != nil {
		return result, err
	}
	defer func() { err = errors.Join(err, s.close(ctx)) }()
	cfg := s.config()
	cfg.Limit, cfg.Only, cfg.FirstPage = 1, c.done, true
	if c.Item != "" {
		cfg.Only = []string{c.Item}
	}
	var standings pipeline.Standings
	if c.ledger != nil {
		standings = c.ledger
	}
	result, err = preview.DryRun(ctx, cfg, standings, func(preview.StepReport) {})
	var none *preview.NoItemError
	if errors.As(err, &none) {
		// Of those that are done one is enough.
		if err = nil; c.Item != "" {
			err = Exit(ExitSpec, none)
		}
	}
	return result, err
}

// away are the classes of failures that say nothing of the spec: the site cannot be had.
var away = []pipeline.Class{pipeline.SiteDown, pipeline.RateLimited, pipeline.Crashed, pipeline.SessionLost}

// compare makes the report of what the walk has come to.
func (c *checking) compare(ctx context.Context, r preview.DryResult, failed error) error {
	add := func(path, what string) {
		c.report.Drifts = append(c.report.Drifts, heal.Drift{Path: path, What: c.secrets.Redact(what)})
	}
	switch {
	case isRefused(failed):
		c.report.Refused = c.secrets.Redact(failed.Error())
		return nil
	case r.Refused:
		c.report.Refused = r.Faults[0].String() + ": " + r.Faults[0].Message
		return nil
	}
	if slices.Contains(away, r.Class) && !r.Unmatched {
		c.report.Unreachable = r.Faults[0].Message
		return nil
	}
	if failed != nil {
		add("login", pipeline.Located(failed).Error())
	}
	for _, f := range r.Faults {
		c.report.Drifts = append(c.report.Drifts, heal.Drift{Path: f.Path, Pos: f.Pos, At: f.String(), What: f.Message})
	}
	c.report.Drifts = append(c.report.Drifts, c.watch.Drifts()...)
	c.report.Compared, c.report.Rows = c.watch.Compared(), r.Rows
	t := c.spec.Source.Table
	if r.Short != "" && (t == nil || t.Paginate == nil) {
		add("source", r.Short)
	}
	if r.Items == 0 && failed == nil && len(r.Faults) == 0 {
		add("source", fmt.Sprintf("of %s, none is an item that was done before", Count(r.Rows, "row")))
	}
	return c.compareColumns(ctx, r.Columns, add)
}

// isRefused tells of a login that the site refuses.
func isRefused(err error) bool {
	var refused *pipeline.RefusedError
	return errors.As(err, &refused)
}

// compareColumns tells of columns that the list had and has no longer.
func (c *checking) compareColumns(ctx context.Context, now []string, add func(path, what string)) error {
	if len(c.done) == 0 || len(now) == 0 {
		return nil
	}
	known, found, err := c.ledger.Stands(ctx, c.done[0])
	if err != nil || !found {
		return exitEnvironment(err)
	}
	var was map[string]any
	if err := json.Unmarshal([]byte(known.Fields), &was); err != nil {
		return Exit(ExitEnvironment, fmt.Errorf("reading the row of an item on record: %w", err))
	}
	var gone []string
	for name := range was {
		if !slices.Contains(now, name) {
			gone = append(gone, name)
		}
	}
	if slices.Sort(gone); len(gone) > 0 {
		add("source", "the list had these columns and has them no longer: "+strings.Join(gone, ", "))
	}
	return nil
}

// tell prints the report; the error is the exit code.
func (c *checking) tell() error {
	r := &c.report
	away := cmp.Or(r.Refused, r.Unreachable) != ""
	r.Fine = len(r.Drifts) == 0 && !away
	code := ExitDone
	switch {
	case away:
		code = ExitEnvironment
	case !r.Fine:
		code = ExitFailed
	}
	if c.JSON {
		enc := json.NewEncoder(c.std.Out)
		enc.SetEscapeHTML(false)
		_ = enc.Encode(r)
	} else {
		fmt.Fprintln(c.std.Out, console.CleanLines(c.secrets.Redact(r.text())))
	}
	return Exit(code, nil)
}

// text is the report for people.
func (r *checkReport) text() string {
	switch {
	case r.Refused != "":
		return "REFUSED " + r.Refused
	case r.Unreachable != "":
		return "UNREACHABLE " + r.Unreachable
	case r.Fine:
		return fmt.Sprintf("fine: %s in the list, %s as when they last worked", Count(r.Rows, "row"), Count(r.Compared, "target"))
	}
	var out strings.Builder
	for _, d := range r.Drifts {
		where := d.Path
		if d.At != "" {
			where = d.At + ": " + d.Path
		}
		if d.Target != "" {
			where += ", " + d.Target
		}
		fmt.Fprintf(&out, "DRIFT %s: %s\n", where, d.What)
	}
	return out.String() + Count(len(r.Drifts), "drift") + "; pipe heal looks for what has moved"
}
