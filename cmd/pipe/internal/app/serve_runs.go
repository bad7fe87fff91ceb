package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/sourcegraph/conc"

	"pipe/pipeline"
	"pipe/pipeline/report/console"
	"pipe/pipeline/report/web"
)

// childRuns starts runs of a spec, one at a time, each as a process of this program: what
// goes wrong with one is no other's. It follows their events, which they print, and
// steers them by lines that they read from their standard input. A pipe needs no port
// and no token, works on every system, and tells them when this process is gone.
type childRuns struct {
	path   string
	flags  []string
	live   *web.Live
	redact func(string) string
	// ctx ends them now.
	ctx   context.Context
	owned conc.WaitGroup

	mu      sync.Mutex
	current *child
	ending  bool
}

func newChildRuns(ctx context.Context, path string, o ServeOptions, live *web.Live, redact func(string) string) *childRuns {
	return &childRuns{path: path, flags: o.words(), live: live, redact: redact, ctx: ctx}
}

// words are the flags that runs are started with.
func (o ServeOptions) words() []string {
	var words []string
	for _, name := range slices.Sorted(maps.Keys(o.Set)) {
		words = append(words, "--set="+name+"="+o.Set[name])
	}
	for name, value := range map[string]string{"profile": o.Profile, "secrets": o.Secrets, "out": o.Out} {
		if value != "" {
			words = append(words, "--"+name+"="+value)
		}
	}
	slices.Sort(words)
	return words
}

// Start begins a run; it returns once it is under way.
func (r *childRuns) Start(_ context.Context, how web.Start) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.current != nil || r.ending {
		return web.ErrBusy
	}
	c, err := r.prepare(how)
	if err != nil {
		return fmt.Errorf("starting a run: %w", err)
	}
	r.live.Begin(c, how.DryRun, time.Now()) // its events come from now on
	if err := c.cmd.Start(); err != nil {
		c.cancel()
		r.live.End(nil)
		return fmt.Errorf("starting a run: %w", err)
	}
	c.send(controlLine{Do: controlBegin, Keys: how.Keys})
	r.current = c
	r.owned.Go(func() {
		code := c.wait()
		r.mu.Lock()
		r.current = nil
		r.mu.Unlock()
		r.live.End(&web.Finished{DryRun: how.DryRun, Code: code, Ended: time.Now(), Output: r.redact(console.CleanLines(c.output.String()))})
	})
	return nil
}

// prepare makes the process. Its arguments are a list, and no shell reads them; keys, which
// may be too many for it, and which a site has made, go through its standard input.
func (r *childRuns) prepare(how web.Start) (*child, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	args := append([]string{"run"}, r.flags...)
	if how.Limit > 0 {
		args = append(args, "--limit="+strconv.Itoa(how.Limit))
	}
	if how.DryRun {
		args = append(args, "--dry-run")
	} else {
		args = append(args, "--json", "--control")
	}
	ctx, cancel := context.WithCancel(r.ctx)
	c := &child{dry: how.DryRun, cancel: cancel, cmd: exec.CommandContext(ctx, program, append(args, "--", r.path)...)} //nolint:gosec // this program itself
	c.cmd.Cancel, c.cmd.WaitDelay = c.interrupt, killAfter
	c.cmd.Stderr = &c.output
	c.cmd.Stdout = &eventLines{to: c, live: r.live}
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		cancel()
		return nil, err
	}
	return c, nil
}

// drain has the run at work end with its items in hand, and no other one begin.
func (r *childRuns) drain() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ending = true
	if r.current != nil {
		r.current.Drain()
	}
}

// child is a run that is at work as a process.
type child struct {
	dry    bool
	cmd    *exec.Cmd
	cancel context.CancelFunc
	output tail

	// writing is for lines to the process, which may take their time; mu is for the state,
	// which is never waited for.
	writing sync.Mutex
	in      io.WriteCloser
	mu      sync.Mutex
	state   web.Steered
}

var _ web.Steering = (*child)(nil)

// wait waits for its end, and gives its exit code.
func (c *child) wait() int {
	defer c.cancel()
	var exit *exec.ExitError
	if err := c.cmd.Wait(); err != nil && !errors.As(err, &exit) {
		fmt.Fprintln(&c.output, err)
	}
	return c.cmd.ProcessState.ExitCode()
}

// eventLines takes what a run prints: its events, and what else it says.
type eventLines struct {
	to   *child
	live *web.Live
	rest []byte
}

func (l *eventLines) Write(p []byte) (int, error) {
	l.rest = append(l.rest, p...)
	for {
		line, rest, whole := bytes.Cut(l.rest, []byte{'\n'})
		if !whole {
			return len(p), nil
		}
		var e pipeline.Event
		if json.Unmarshal(line, &e) == nil && e.Kind != "" {
			l.to.note(e)
			l.live.Observe(e)
		} else {
			fmt.Fprintf(&l.to.output, "%s\n", line)
		}
		l.rest = append([]byte(nil), rest...)
	}
}

// note takes from an event what concerns the steering.
func (c *child) note(e pipeline.Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch e.Kind {
	case pipeline.RunStarted:
		c.state.Workers, c.state.Most = e.Pages, e.Pages
	case pipeline.Paused, pipeline.Continued:
		c.state.Paused = e.Kind == pipeline.Paused
	case pipeline.Stopping:
		c.state.Draining = true
	case pipeline.RunEnded:
		_ = c.in.Close() // it reads no more
	}
}

// change notes how the run is steered, and tells it.
func (c *child) change(line controlLine, do func(*web.Steered)) {
	c.mu.Lock()
	do(&c.state)
	c.mu.Unlock()
	c.send(line)
}

// send tells the run what to do.
func (c *child) send(line controlLine) {
	text, err := json.Marshal(line)
	if err != nil {
		return
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	_, _ = c.in.Write(append(text, '\n')) // it may have ended by now
}

// Pause has it begin no more items.
func (c *child) Pause() {
	c.change(controlLine{Do: controlPause}, func(s *web.Steered) { s.Paused = true })
}

// Resume has it go on.
func (c *child) Resume() {
	c.change(controlLine{Do: controlResume}, func(s *web.Steered) { s.Paused = false })
}

// SetWorkers has so many workers begin items.
func (c *child) SetWorkers(n int) {
	c.mu.Lock()
	n = max(1, min(n, max(c.state.Most, 1)))
	c.mu.Unlock()
	c.change(controlLine{Do: controlWorkers, Workers: n}, func(s *web.Steered) { s.Workers = n })
}

// Drain finishes the items in hand; a dry run keeps nothing, and is ended.
func (c *child) Drain() {
	if c.dry {
		_ = c.interrupt()
		return
	}
	c.change(controlLine{Do: controlDrain}, func(s *web.Steered) { s.Draining = true })
}

// Stop stops it now, and kills it if that takes too long.
func (c *child) Stop() {
	c.change(controlLine{Do: controlStop}, func(s *web.Steered) { s.Draining = true })
	c.cancel()
}

// State is how it was last steered.
func (c *child) State() web.Steered {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state
}

// interrupt asks the process to stop now. Where there are no such signals it is told
// by its input, and a dry run, which reads none, is killed.
func (c *child) interrupt() error {
	if !c.dry {
		c.send(controlLine{Do: controlStop})
		return nil
	}
	if err := c.cmd.Process.Signal(os.Interrupt); err != nil {
		return c.cmd.Process.Kill()
	}
	return nil
}

// tail keeps the end of what is written.
type tail struct {
	mu   sync.Mutex
	text []byte
}

// tailMost is how much it keeps, in bytes.
const tailMost = 64 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p...)
	if over := len(t.text) - tailMost; over > 0 {
		t.text = append([]byte(nil), t.text[over:]...)
	}
	return len(p), nil
}

// String is what was written last, from the beginning of a line.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	text := t.text
	if len(text) == tailMost {
		if i := bytes.IndexByte(text, '\n'); i >= 0 {
			text = text[i+1:]
		}
	}
	return strings.ToValidUTF8(string(text), "�")
}
