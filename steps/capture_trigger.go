package steps

import (
	"cmp"
	"context"
	"errors"
	"time"

	"pipe/specs"
)

// sharedTrigger is one run of a step that brings the files of several captures:
// those that stand one after the other and have the very same on.
type sharedTrigger struct {
	// members are the captures whose files are still to be had.
	members []*specs.Step
	pending PendingCapture
	dialogs *dialogTexts
	began   time.Time
	// failed is why the trigger failed, which may be as a download began.
	failed error
	// close ends the listening; nil once it is ended.
	close func()
}

// wanted tells whether the file of a capture is the next to be had.
func (t *sharedTrigger) wanted(step *specs.Step) bool {
	return t != nil && t.close != nil && len(t.members) > 0 && t.members[0] == step
}

// unless ends the listening if the next step is none of its captures.
func (t *sharedTrigger) unless(next *specs.Step) {
	if t != nil && t.close != nil && !t.wanted(next) {
		t.close()
		t.close = nil
	}
}

// afterFailure is how long a file may take to begin whose trigger failed.
const afterFailure = 5 * time.Second

// take gives the file of the next of the captures. Its limit counts from the
// trigger, as the first one's does.
func (t *sharedTrigger) take(ctx context.Context) (Delivery, error) {
	t.members = t.members[1:]
	if len(t.members) == 0 {
		defer t.unless(nil)
	}
	deadline, limited := ctx.Deadline()
	if limited && !t.began.IsZero() {
		deadline = t.began.Add(time.Until(deadline))
	}
	if soon := time.Now().Add(afterFailure); t.failed != nil && (!limited || deadline.After(soon)) {
		deadline, limited = soon, true
	}
	if limited {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline)
		defer cancel()
	}
	d, err := t.pending.Wait(ctx)
	var none *NoFileError
	switch {
	case err != nil && t.failed != nil:
		return nil, t.failed
	case errors.As(err, &none):
		none.Seen = append(none.Seen, t.dialogs.list()...)
	}
	return d, err
}

// fromTrigger gives the file that on brings, or brought for a capture before.
func (c *Capture) fromTrigger(ctx context.Context, on *StepContext, out *CapturedFile) (Delivery, error) {
	if t := on.shared; t.wanted(on.step) {
		return t.take(ctx)
	}
	on.shared.unless(nil)
	on.shared = nil
	wants, members, err := c.sharing(on, out)
	if err != nil {
		return nil, err
	}
	t := &sharedTrigger{members: members, began: time.Now()}
	if err := on.startTrigger(ctx, t, c.On, wants); err != nil {
		return nil, err
	}
	on.shared = t
	return t.take(ctx)
}

// quietTime is how long a page in a file's place may be quiet where no spec says so.
const quietTime = 5 * time.Second

// CaptureFile runs steps of which the last one makes the site deliver a file, and
// gives that file on its way. Dialogs that come meanwhile are accepted, unless a
// dismiss step has said otherwise: a file that is asked for is wanted.
func (s *StepContext) CaptureFile(ctx context.Context, list []specs.Step, opts CaptureOptions) (Delivery, error) {
	if len(list) == 0 {
		return nil, errors.New("there is no step that could bring a file")
	}
	last := len(list) - 1
	if err := s.Run(ctx, list[:last]); err != nil {
		return nil, err
	}
	opts.Quiet = cmp.Or(opts.Quiet, quietTime)
	t := &sharedTrigger{members: []*specs.Step{&list[last]}}
	if err := s.startTrigger(ctx, t, &list[last], []CaptureOptions{opts}); err != nil {
		return nil, err
	}
	return t.take(ctx)
}

// startTrigger listens, and runs the step that brings the files.
func (s *StepContext) startTrigger(ctx context.Context, t *sharedTrigger, on *specs.Step, wants []CaptureOptions) error {
	var err error
	if t.pending, err = s.Files.Listen(ctx, s.Page, wants...); err != nil {
		return err
	}
	t.close, t.dialogs = t.pending.Close, &s.dialogs
	s.dialogs.forget()
	if s.stopDialogs == nil {
		stop, err := s.answerDialogs(ctx, true, "")
		if err != nil {
			t.unless(nil)
			return err
		}
		t.close = func() {
			t.pending.Close()
			stop()
		}
	}
	if err := s.runStep(ctx, on); err != nil {
		// Opening the address of a download is an error for the browser.
		if !isDownloadStart(err) {
			t.unless(nil)
			return err
		}
		t.failed = err
	}
	return nil
}

// sharing gives what this capture wants, and those that follow it with the very
// same on.
func (c *Capture) sharing(on *StepContext, out *CapturedFile) ([]CaptureOptions, []*specs.Step, error) {
	own, err := c.options(on, out)
	wants, members := []CaptureOptions{own}, []*specs.Step{on.step}
	if err != nil || c.Print != nil || len(on.pending) == 0 {
		return wants, members, err
	}
	trigger := specs.Fingerprint(c.On)
	list := on.pending[len(on.pending)-1].steps
	for i := range list {
		next, ok := list[i].Do.(*Capture)
		if !ok || next.On == nil || next.Print != nil || specs.Fingerprint(next.On) != trigger {
			break
		}
		if holds, err := list[i].If.Holds(on.Values); err != nil || !holds {
			continue // it is told when its turn comes
		}
		expected, err := next.Expected(on.Values)
		if err != nil {
			return nil, nil, err
		}
		expected.Step = &list[i]
		want, err := next.options(on, &expected)
		if err != nil {
			return nil, nil, err
		}
		want.Limit = on.limit(&list[i])
		wants, members = append(wants, want), append(members, &list[i])
	}
	return wants, members, nil
}

// tellPassedBy tells of what came beside the files of a trigger, once all of them
// are known.
func (s *StepContext) tellPassedBy(ctx context.Context) {
	t := s.shared
	if t == nil || t.close != nil || t.pending == nil || s.OnLog == nil {
		return
	}
	for _, what := range t.pending.PassedBy() {
		s.OnLog(ctx, s.step, "passed by "+what)
	}
	t.pending = nil
}
