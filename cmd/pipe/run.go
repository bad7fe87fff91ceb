package main

import (
	"errors"

	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

func runCommand(std app.Std) *cobra.Command {
	var f app.RunOptions
	cmd := &cobra.Command{
		Use:   "run SPEC",
		Short: "Do all items of a spec that are not done",
		Long: "Does all items of a spec that are not done, and writes files, records and reports to the\n" +
			"output folder, out/NAME. A run that was stopped, in whatever way, goes on where it left off.\n\n" +
			"Ctrl-C finishes the items in hand and starts no more; a second Ctrl-C stops now. On a\n" +
			"terminal keys pause it, change the number of workers, drain and quit: ? tells them.\n\n" +
			"Exit codes: 0 all done, 1 some items failed, 2 the spec is wrong, 3 the environment is\n" +
			"(no browser, disk full, login refused), 130 interrupted.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case len(f.Items) > 0 && !f.DryRun:
				return app.Exit(app.ExitSpec, errors.New("--item goes with --dry-run: a run takes --only"))
			case f.DryRun:
				return app.DryRun(cmd.Context(), args[0], f, std)
			}
			return app.RunSpec(cmd.Context(), args[0], f, std)
		},
	}
	specFlags(cmd, &f.SpecOptions)
	poolFlags(cmd, &f)
	flags := cmd.Flags()
	flags.IntVar(&f.Limit, "limit", 0, "do `N` items at most")
	flags.StringVar(&f.FinishBy, "finish-by", "", "warn as soon as the run will not end by `TIME`, as 06:30, and have as many workers then as the spec has; --contexts and --pages say with how many it begins")
	flags.StringSliceVar(&f.Only, "only", nil, "do the items of these `KEY`s only; may be given more than once")
	flags.StringSliceVar(&f.Again, "again", nil, "do these items again, by their `KEYs`, though they are done")
	flags.BoolVar(&f.KeepOnce, "keep-once", false, "with --again: what the spec has done once for an item (once: true) is not done again")
	flags.BoolVar(&f.RetryFailed, "retry-failed", false, "try the items again that failed for good")
	flags.StringVar(&f.Uncertain, "uncertain", "", "of steps that are once and may have acted, with --only or of all items: take them for `done`, or redo them")
	flags.BoolVar(&f.RetryRefused, "retry-refused", false, "log in with credentials that the site has refused before, once more")
	flags.BoolVar(&f.AcceptShrink, "accept-shrink", false, "take the list as right, though it has lost more rows than it may: what follows is held against its length now")
	flags.BoolVar(&f.Trace, "trace", false, "trace attempts, and keep the traces of those that fail, for `pipe trace`; one page works in each context then")
	flags.BoolVar(&f.Adopt, "adopt", false, "go on in an output folder that another spec has made, or this one before its key, base_url or file names changed")
	flags.BoolVar(&f.Join, "join", false, "if another run of the spec is at work, share its items; each does what the other has not begun")
	flags.StringArrayVar(&f.Items, "item", nil, "with --dry-run: walk the item of this `KEY`, though it is done; may be given more than once")
	flags.BoolVar(&f.DryRun, "dry-run", false, "only read: walk the first items, 3 or --limit, up to what writes on the site, check all selectors and expressions, and keep nothing")
	flags.StringVar(&f.Metrics, "metrics", "", "serve metrics for Prometheus at this `ADDRESS` while the run goes on; without a host, as :9464, for this machine alone")
	flags.StringVar(&f.HTTP, "http", "", "show the run in a browser at this `ADDRESS`, as 127.0.0.1:8321; it prints the one to open")
	flags.BoolVar(&f.Control, "control", false, "for programs: take lines of JSON from standard input that steer the run")
	for _, other := range []string{"metrics", "join", "again", "retry-failed", "uncertain", "accept-shrink", "adopt", "trace", "http", "control"} {
		cmd.MarkFlagsMutuallyExclusive("dry-run", other)
	}
	cmd.MarkFlagsMutuallyExclusive("trace", "finish-by") // which may have more pages work
	return cmd
}
