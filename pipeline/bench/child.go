package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/sourcegraph/conc"

	"pipe/pipeline/practice"
)

const (
	// interruptLimit is how long a program may take to end once it is told to.
	interruptLimit = 20 * time.Second
	// startLimit and itemLimit bound a run: a program that hangs has no figures.
	startLimit = 5 * time.Minute
	itemLimit  = 30 * time.Second
)

// measured is all that is known of one run of a program.
type measured struct {
	began, ended time.Time
	history      *history
	sampler      *sampler
	// whole is the processor time of the program and all that it has waited for.
	whole time.Duration
	// machine is how long the machine's processors have worked meanwhile, own how long
	// for this process: the site and the measuring.
	machine, own time.Duration
	// counts are the site's; wrong tells why the run is no figure, "" where it is one.
	counts practice.Counts
	wrong  string
}

// measure has a program do all items of a site of its own, in a folder of its own. The
// error is for what is wrong with the machine; a program that does wrong says so in
// measured.
func (o Options) measure(ctx context.Context, p program, s Shape, items int, env ...string) (measured, error) {
	dir, err := os.MkdirTemp(o.Dir, "run-*")
	if err != nil {
		return measured{}, fmt.Errorf("making a folder for %s: %w", p.name, err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	// It outlives an interrupt, as the program ends by finishing what is in hand.
	site, err := practice.Start(context.WithoutCancel(ctx), o.site(items))
	if err != nil {
		return measured{}, err
	}
	defer func() { _ = site.Close() }()
	limited, cancel := context.WithTimeout(ctx, startLimit+time.Duration(items)*itemLimit)
	defer cancel()
	argv := o.command(p, s, dir)
	cmd := exec.CommandContext(limited, argv[0], argv[1:]...) //nolint:gosec // what the options name
	cmd.Env = append(o.environment(p, s, dir, site.URL()), env...)
	m, err := watch(limited, cmd, p.pipe)
	if ctx.Err() != nil {
		return m, ctx.Err()
	}
	if err != nil {
		m.wrong = err.Error()
	}
	m.counts = site.Counts()
	if m.wrong == "" {
		m.wrong = faults(m, site.Vehicles(), filepath.Join(dir, "out"), p.peer != "")
	}
	return m, m.sampler.err
}

// watch runs a command to its end, and follows what it tells and what it takes.
func watch(ctx context.Context, cmd *exec.Cmd, pipe string) (measured, error) {
	m := measured{history: newHistory(), sampler: newSampler(0, pipe)}
	tail := &lastBytes{}
	cmd.Stderr = tail
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = interruptLimit
	out, err := cmd.StdoutPipe()
	if err != nil {
		return m, err
	}
	m.began = time.Now()
	machine, own := busy(ctx), ownTime()
	if err := cmd.Start(); err != nil {
		return m, err
	}
	m.sampler.root = int32(cmd.Process.Pid) //nolint:gosec // a process's number
	sampling, end := context.WithCancel(ctx)
	var beside conc.WaitGroup
	beside.Go(func() { m.sampler.run(sampling) })
	failed := m.history.read(out)
	end()
	beside.Wait()
	failed = errors.Join(failed, cmd.Wait())
	m.ended = time.Now()
	m.machine, m.own = busy(context.WithoutCancel(ctx))-machine, ownTime()-own
	if state := cmd.ProcessState; state != nil {
		m.whole = state.UserTime() + state.SystemTime()
	}
	if failed != nil {
		return m, fmt.Errorf("%w\n%s", failed, bytes.TrimSpace(tail.b))
	}
	return m, nil
}

// lastBytes keeps the end of what is written to it.
type lastBytes struct{ b []byte }

const lastMost = 4000

func (l *lastBytes) Write(p []byte) (int, error) {
	l.b = append(l.b, p...)
	l.b = l.b[max(0, len(l.b)-lastMost):]
	return len(p), nil
}
