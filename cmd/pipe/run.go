package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"pipe/specs"
)

// runFlags are what a run takes from its command line, over the spec's word.
type runFlags struct {
	reading
	limit, contexts, pages       int
	headed, noBlock, retryFailed bool
	// again names the items to do again.
	again         []string
	join          bool
	dryRun        bool
	json, verbose bool
	only          []string
	out           string
}

func runCommand(io streams) *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "run SPEC",
		Short: "Do all items of a spec that are not done",
		Long: "Does all items of a spec that are not done, and writes files, records and reports to the\n" +
			"output folder, out/NAME. A run that was stopped, in whatever way, goes on where it left off.\n\n" +
			"Ctrl-C finishes the items in hand and starts no more; a second Ctrl-C stops now.\n\n" +
			"Exit codes: 0 all done, 1 some items failed, 2 the spec is wrong, 3 the environment is\n" +
			"(no browser, disk full, login refused), 130 interrupted.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.dryRun {
				return dryRun(cmd.Context(), args[0], f, io)
			}
			return runSpec(cmd.Context(), args[0], f, io)
		},
	}
	specFlags(cmd, &f.reading)
	poolFlags(cmd, &f)
	flags := cmd.Flags()
	flags.IntVar(&f.limit, "limit", 0, "do `N` items at most")
	flags.StringSliceVar(&f.only, "only", nil, "do the items of these `KEY`s only; may be given more than once")
	flags.StringSliceVar(&f.again, "again", nil, "do these items again, by their `KEYs`, though they are done")
	flags.BoolVar(&f.retryFailed, "retry-failed", false, "try the items again that failed for good")
	flags.BoolVar(&f.join, "join", false, "if another run of the spec is at work, share its items; each does what the other has not begun")
	flags.BoolVar(&f.dryRun, "dry-run", false, "only read: walk the first items, 3 or --limit, up to what writes on the site, check all selectors and expressions, and keep nothing")
	for _, other := range []string{"join", "again", "retry-failed"} {
		cmd.MarkFlagsMutuallyExclusive("dry-run", other)
	}
	return cmd
}

// poolFlags are those that the demo has too.
func poolFlags(cmd *cobra.Command, f *runFlags) {
	flags := cmd.Flags()
	flags.IntVar(&f.contexts, "contexts", 0, "`N` logged-in browser contexts; default pool.contexts")
	flags.IntVar(&f.pages, "pages", 0, "`N` pages in each context; default pool.pages")
	flags.BoolVar(&f.headed, "headed", false, "show the browser's windows")
	flags.BoolVar(&f.noBlock, "no-block", false, "load images, fonts, media and styles whatever pool.block says")
	flags.StringVar(&f.out, "out", "", "the output `FOLDER`; default out/NAME")
	flags.BoolVar(&f.json, "json", false, "tell what happens as lines of JSON")
	flags.BoolVar(&f.verbose, "verbose", false, "log more")
}

// apply puts the flags over the spec.
func (f runFlags) apply(spec *specs.Spec) error {
	if f.limit < 0 || f.contexts < 0 || f.pages < 0 {
		return exit(ExitSpec, fmt.Errorf("--limit, --contexts and --pages cannot be negative"))
	}
	if f.contexts > 0 {
		spec.Pool.Contexts, spec.Pool.PerAccount = f.contexts, 0
	}
	if f.pages > 0 {
		spec.Pool.Pages = f.pages
	}
	if f.noBlock {
		spec.Pool.Block = nil
	}
	spec.Browser.Headed = spec.Browser.Headed || f.headed
	return nil
}

// interrupts gives a channel that the first interrupt closes and a context that
// the second ends. say is told of each.
func interrupts(ctx context.Context, say func(string)) (context.Context, <-chan struct{}, func()) {
	ctx, cancel := context.WithCancel(ctx)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	stop := make(chan struct{})
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		for n := 1; ; n++ {
			select {
			case <-signals:
			case <-ctx.Done():
				return
			}
			if n == 1 {
				say("the items in hand are finished first; interrupt again to stop now")
				close(stop)
				continue
			}
			say("now")
			cancel()
			return
		}
	}()
	return ctx, stop, func() {
		signal.Stop(signals)
		cancel()
		<-gone
	}
}

// redacted takes the secrets out of all that is written through it, line by
// line as the loggers write.
type redacted struct {
	to      io.Writer
	secrets *specs.Secrets
}

func (w redacted) Write(p []byte) (int, error) {
	if _, err := io.WriteString(w.to, w.secrets.Redact(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}
