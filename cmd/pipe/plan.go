package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"pipe/pipeline"
	"pipe/pipeline/ledger"
	"pipe/pipeline/source/file"
	"pipe/specs"
)

// planFlags are what `pipe plan` takes.
type planFlags struct {
	reading
	out            string
	export, asJSON bool
}

func planCommand(io streams) *cobra.Command {
	var f planFlags
	cmd := &cobra.Command{
		Use:   "plan SPEC",
		Short: "Tell what a run would do, and how long it may take",
		Long: "Reads the source and the ledger, and tells what a run would find: items that are new, to be done,\n" +
			"done, failed before or changed, duplicates and bad rows; with how many pages it would work, and how\n" +
			"long that took before. Nothing is opened but the source, and nothing is written.\n\n" +
			"A source that the site has (export, table) needs a browser and a login: with --export it is read, else\n" +
			"the rows that the last run saw are planned from.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			spec, secrets, err := f.load(args[0])
			if err != nil {
				return redactError(err, secrets)
			}
			p, err := f.plan(ctx, spec, secrets, io)
			switch {
			case err != nil && ctx.Err() != nil:
				return exit(ExitInterrupted, errors.New("interrupted"))
			case err != nil && codeOf(err) == ExitSpec && !isSpecFault(err):
				err = exit(ExitEnvironment, err)
			}
			if err != nil {
				return redactError(err, secrets)
			}
			if f.asJSON {
				return writeJSON(io, p)
			}
			p.print(redacted{io.out, secrets})
			return nil
		},
	}
	specFlags(cmd, &f.reading)
	cmd.Flags().StringVar(&f.out, "out", "", "the output `FOLDER`; default out/NAME")
	cmd.Flags().BoolVar(&f.export, "export", false, "read the list that the site has, which takes a browser and a login")
	cmd.Flags().BoolVar(&f.asJSON, "json", false, "the plan as JSON")
	return cmd
}

// planned is what `pipe plan` tells.
type planned struct {
	Spec string `json:"spec"`
	// From says what the numbers are made from.
	From string `json:"from"`
	// Known is false when there is nothing to make them from.
	Known bool `json:"known"`
	pipeline.Plan
	ToDo     int      `json:"to_do"`
	Accounts []string `json:"accounts"`
	Sessions int      `json:"sessions"`
	Workers  int      `json:"workers"`
	// PerItem is the median of earlier items, 0 when there are none.
	PerItem time.Duration `json:"per_item_ns"`
	Items   int           `json:"items_in_history"`
	// Expected is how long the run may take; Bound says what bounds it.
	Expected time.Duration `json:"expected_ns"`
	Bound    string        `json:"bound_by,omitempty"`

	path string
}

func (f planFlags) plan(ctx context.Context, spec *specs.Spec, secrets *specs.Secrets, io streams) (*planned, error) {
	dir, err := outFolder(f.out, spec)
	if err != nil {
		return nil, err
	}
	led, err := ledger.OpenReadOnly(ctx, ledgerPath(dir))
	if errors.Is(err, fs.ErrNotExist) {
		led, err = nil, nil
	}
	if err != nil {
		return nil, exit(ExitEnvironment, err)
	}
	if led != nil {
		defer func() { _ = led.Close() }()
	}
	p := &planned{
		Spec: spec.Name, path: spec.File, Known: true, Accounts: []string{},
		Sessions: spec.Pool.Contexts, Workers: spec.Pool.Contexts * spec.Pool.Pages,
	}
	for _, a := range pipeline.Accounts(spec) {
		p.Accounts = append(p.Accounts, a.Name)
	}
	if err := f.rows(ctx, p, spec, secrets, led, dir, io); err != nil {
		return nil, err
	}
	p.ToDo = p.Plan.ToDo()
	if led == nil {
		return p, nil
	}
	took, err := led.Durations(ctx)
	if err != nil {
		return nil, exit(ExitEnvironment, err)
	}
	p.PerItem, p.Items = took.Item.Median, took.Item.Count
	p.expect(&spec.Pool)
	return p, nil
}

// rows makes the numbers, from the source where that may be opened.
func (f planFlags) rows(ctx context.Context, p *planned, spec *specs.Spec, secrets *specs.Secrets, led *ledger.Ledger, dir string, io streams) error {
	cfg := pipeline.Config{Spec: spec, ReadRows: file.Read, Redact: secrets.Redact, Dir: dir}
	p.From = "the source"
	switch {
	case spec.Source.OnSite() && !f.export:
		return p.recorded(ctx, led)
	case spec.Source.OnSite():
		s, err := openScratch(ctx, spec, secrets, "", dir, io.err)
		if err != nil {
			return err
		}
		defer func() { _ = s.close(ctx) }()
		cfg, p.From = s.config(), "the list that the site has now"
	}
	var standings pipeline.Standings
	if led != nil {
		standings = led
	}
	var err error
	p.Plan, err = pipeline.MakePlan(ctx, cfg, standings)
	return err
}

// recorded takes the numbers from the rows that the last run saw.
func (p *planned) recorded(ctx context.Context, led *ledger.Ledger) error {
	if led == nil {
		p.Known, p.From = false, "nothing: the site has the list of items, and no run has fetched it yet"
		return nil
	}
	totals, err := led.Totals(ctx)
	if err != nil {
		return exit(ExitEnvironment, err)
	}
	runs, err := led.Runs(ctx)
	if err != nil {
		return exit(ExitEnvironment, err)
	}
	p.From = "the rows that the last run saw"
	if n := len(runs); n > 0 {
		p.From += ", " + runs[n-1].Started.Local().Format("2006-01-02 15:04:05")
	}
	p.Plan = pipeline.Plan{Rows: totals.In, Pending: totals.Pending, Failed: totals.Failed, Done: totals.Done, Skipped: totals.Skipped, Duplicates: totals.Duplicates}
	for row, err := range led.Items(ctx, pipeline.Failed) {
		if err != nil {
			return exit(ExitEnvironment, err)
		}
		if p.FailedKeys = append(p.FailedKeys, pipeline.FailedItem{Key: row.Key, Reason: row.Reason}); len(p.FailedKeys) == shownMost {
			break
		}
	}
	return nil
}

// expect tells how long the run may take: by what items took before and the
// pages that work at once, or by the pace that the spec sets.
func (p *planned) expect(pool *specs.Pool) {
	if p.Items == 0 || p.ToDo == 0 {
		return
	}
	workers := min(max(p.Workers, 1), p.ToDo)
	rounds := (p.ToDo + workers - 1) / workers
	p.Expected, p.Bound = time.Duration(rounds)*(p.PerItem+pool.Pace.Delay.Std()), "the pages at work"
	if rate := pool.Pace.Rate.PerSecond(); rate > 0 {
		if paced := time.Duration(float64(p.ToDo) / rate * float64(time.Second)); paced > p.Expected {
			p.Expected, p.Bound = paced, "pool.pace.rate"
		}
	}
}
