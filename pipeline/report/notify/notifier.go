package notify

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/sourcegraph/conc"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/specs/expr"
)

// endLimit bounds what is still to be sent when the run is over.
const endLimit = time.Minute

// Options are what a notifier works with.
type Options struct {
	// Folder is the output folder, as an absolute path.
	Folder string
	// Redact takes the secrets out of a text.
	Redact func(string) string
	// Warn is told of a message that could not be sent. Nothing else comes of that.
	Warn func(text string)
}

// Notifier tells the spec's targets of one run.
type Notifier struct {
	opts    Options
	values  expr.Values
	targets []*Target
	// ctx is the notifier's own, as events come without one: it ends with End.
	ctx     context.Context
	cancel  context.CancelFunc
	sending conc.WaitGroup
	// waiting are the waits for what must be done by a time, which over ends.
	waiting conc.WaitGroup
	over    chan struct{}

	mu  sync.Mutex
	run Run
}

// Start begins to watch a run. Every notifier that has been started needs an End.
func Start(ctx context.Context, spec *specs.Spec, targets []*Target, opts Options) *Notifier {
	n := &Notifier{opts: opts, values: spec.Values, targets: targets, over: make(chan struct{}), run: Run{Spec: spec.OutName(), Folder: opts.Folder, Started: time.Now()}}
	// A run that is stopped is still told of.
	n.ctx, n.cancel = context.WithCancel(context.WithoutCancel(ctx))
	for _, t := range targets {
		if t.spec.NothingBy != nil {
			n.waiting.Go(func() { n.watch(t) })
		}
	}
	return n
}

// watch waits for the time by which something must be done.
func (n *Notifier) watch(t *Target) {
	by := t.spec.NothingBy.From(n.run.Started)
	timer := time.NewTimer(time.Until(by))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-n.over:
		return
	}
	if run := n.now(); run.Done+run.Skipped == 0 {
		n.send(n.ctx, t, run, Event{Kind: Nothing, Text: fmt.Sprintf("no item is done at %s", by.Format("2006-01-02 15:04")), Time: time.Now()})
	}
}

// Observe follows the run, and tells of what cannot wait.
func (n *Notifier) Observe(e pipeline.Event) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if e.Totals != nil {
		n.run.Totals = *e.Totals
	}
	switch e.Kind {
	case pipeline.RunStarted:
		n.run.Number = e.Run
	case pipeline.ItemDone:
		n.run.Done++
	case pipeline.ItemSkipped:
		n.run.Skipped++
	case pipeline.ItemFailed, pipeline.RefreshFailed:
		n.run.Failed++
	case pipeline.AccountGivenUp:
		run := n.run
		run.Elapsed = e.Time.Sub(run.Started)
		n.tell(run, Event{Kind: Person, Text: e.Reason, Account: cmp.Or(e.AccountName, "account "+e.Account), Time: e.Time})
	}
}

// now is the run as it stands.
func (n *Notifier) now() Run {
	n.mu.Lock()
	defer n.mu.Unlock()
	run := n.run
	run.Elapsed = time.Since(run.Started)
	return run
}

// tell sends an event to those that want it, each by itself.
func (n *Notifier) tell(run Run, e Event) {
	for _, t := range n.targets {
		if t.spec.Tells(string(e.Kind)) {
			n.sending.Go(func() { n.send(n.ctx, t, run, e) })
		}
	}
}

// End tells of the run's end, and waits until all is sent, for a minute at most. end
// fills in how it ended; what is known by the events is there already.
func (n *Notifier) End(end func(*Run)) {
	limit := time.AfterFunc(endLimit, n.cancel)
	defer limit.Stop()
	defer n.cancel()
	close(n.over)
	run := n.now()
	run.Ended = true
	end(&run)
	for _, t := range n.targets {
		if kind := run.told(t.spec); kind != "" {
			e := Event{Kind: kind, Time: time.Now()}
			if kind == Drift {
				e.Text = run.Drift
			}
			n.sending.Go(func() { n.send(n.ctx, t, run, e) })
		}
	}
	n.sending.Wait()
	n.waiting.Wait()
}

// told gives what of the end a target is told as, the most that it asks for; "" for
// nothing.
func (r Run) told(to *specs.Notify) Kind {
	failed := r.ExitCode != 0 && !r.Interrupted
	switch {
	case r.Drift != "" && to.Tells(string(Drift)):
		return Drift
	case failed && to.Tells(string(Failure)):
		return Failure
	case to.Tells(string(Finish)):
		return Finish
	default:
		return ""
	}
}

// send sends an event to a target.
func (n *Notifier) send(ctx context.Context, t *Target, run Run, e Event) {
	m, err := t.message(run, e, n.values, n.opts.Redact)
	if err != nil {
		// What is said by default is better than nothing.
		n.opts.Warn(n.opts.Redact(fmt.Sprintf("%s: the message is the default one, as the spec's could not be made: %v", t.name, err)))
	}
	if err := t.Send(ctx, m); err != nil {
		n.opts.Warn(n.opts.Redact(fmt.Sprintf("%s was not told of it (%s): %v", t.name, e.Kind, err)))
	}
}

// SendTest sends a target a message that says that it is a test.
func SendTest(ctx context.Context, spec *specs.Spec, t *Target, opts Options) error {
	now := time.Now()
	run := Run{
		Spec: spec.OutName(), Folder: opts.Folder, Started: now,
		Causes: []pipeline.ReasonCount{{Class: pipeline.NotFound, Reason: "this is an example of a cause", Items: 1}},
	}
	m, err := t.message(run, Event{Kind: Test, Text: "a test: this is how a run tells you of itself", Time: now}, spec.Values, opts.Redact)
	if err != nil {
		return err
	}
	return t.Send(ctx, m)
}
