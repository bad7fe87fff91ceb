package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"

	"github.com/sourcegraph/conc"

	"pipe/pipeline/codegen"
	"pipe/pipeline/provision"
	"pipe/pipeline/recorder"
	"pipe/pipeline/report/console"
)

// RecordOptions are what `pipe record` takes.
type RecordOptions struct {
	// DraftOptions have the keys of the items that are done, in their order; none is for a guess.
	DraftOptions
	// Browser is a path or a kind; "" is the best there is.
	Browser string
	// DebugPort lets another program work the window; 0 is none.
	DebugPort int
}

// Record is `pipe record`: what a person does in a window, until it is closed or the
// program interrupted, as a spec.
func Record(ctx context.Context, url string, f RecordOptions, std Std) error {
	if !strings.Contains(url, "://") {
		url = "https://" + url
	}
	to := cmp.Or(f.To, codegen.NameOf(url)+".yaml")
	if _, err := os.Stat(to); err == nil && !f.Force {
		return Exit(ExitSpec, fmt.Errorf("%s is there already: give another name by -o, or --force to write over it", to))
	}
	rec, err := f.record(ctx, url, std)
	if err != nil {
		return exitEnvironment(err)
	}
	keys := f.Items
	if guess := recorder.GuessKey(rec); len(keys) == 0 && guess != "" {
		keys = []string{guess}
	}
	return WriteDraft(ctx, recorder.WithKeys(rec, keys), f.DraftOptions, std)
}

// record opens the window, and tells what is done in it.
func (f RecordOptions) record(ctx context.Context, url string, std Std) (codegen.Recording, error) {
	if err := provision.Display(); err != nil {
		return codegen.Recording{}, err
	}
	say := func(line string) { fmt.Fprintln(std.Out, line) }
	rt, err := provision.Ensure(ctx, provision.Options{Browser: f.Browser, Headed: true, Say: say})
	if err != nil {
		return codegen.Recording{}, err
	}
	if rt.Shell {
		return codegen.Recording{}, errors.New("a headless shell has no windows to record in: try `pipe install --headed`, or --browser")
	}
	o := recorder.Options{
		DriverDir: rt.DriverDir, Node: rt.Node, Browser: rt.Browser, URL: url,
		Say: sayAction(std),
		Ready: func() {
			say("Recording. Do the job once in the window, for one item; then close it, or press Ctrl-C here.")
		},
	}
	if f.DebugPort > 0 {
		o.Args = append(o.Args, "--remote-debugging-port="+strconv.Itoa(f.DebugPort))
	}
	stop, done := firstInterrupt(ctx)
	defer done()
	return recorder.Record(ctx, o, stop)
}

// firstInterrupt gives a channel that the first interrupt closes.
func firstInterrupt(ctx context.Context) (stop <-chan struct{}, done func()) {
	ctx, cancel := signal.NotifyContext(ctx, heeded()...)
	stopped, ended := make(chan struct{}), make(chan struct{})
	var owned conc.WaitGroup
	owned.Go(func() {
		select {
		case <-ctx.Done():
			close(stopped)
		case <-ended:
		}
	})
	return stopped, func() {
		close(ended)
		owned.Wait()
		cancel()
	}
}

// sayAction gives what tells an action on a line.
func sayAction(std Std) func(codegen.Action) {
	n := 0
	return func(a codegen.Action) {
		n++
		line := a.Verb
		if len(a.Locators) > 0 {
			line += " " + a.Locators[0].String()
		}
		switch {
		case a.Secret && a.Verb != "click" && a.Verb != "press":
			line += ": a secret, which is not recorded"
		case a.Value != "":
			line += ": " + a.Value
		}
		if a.Note != "" {
			line = strings.TrimSpace(line + "  (" + a.Note + ")")
		}
		if file := a.Effect.File; file != nil {
			line += "  → " + cmp.Or(file.Name, file.Type, "a file")
		} else if a.Effect.Tab > 0 {
			line += "  → a new tab"
		}
		fmt.Fprintf(std.Out, "%3d  %s\n", n, console.Clean(line))
	}
}
