package notify

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"pipe/pipeline"
	"pipe/specs/expr"
)

// Kind is what is told of.
type Kind string

// The kinds of what is told, as the spec's `on` names them, and those that it does not:
// nothing done by a time, and a test.
const (
	Finish  Kind = "finish"
	Failure Kind = "failure"
	Drift   Kind = "drift"
	Person  Kind = "person"
	Nothing Kind = "nothing"
	Test    Kind = "test"
)

// Event is what is told.
type Event struct {
	Kind Kind
	// Text says more of it; it may be a site's.
	Text string
	// Account is set for a Person.
	Account string
	Time    time.Time
}

// Run is what is known of the run that is told of.
type Run struct {
	Number int64
	Spec   string
	// Folder is its output folder, as an absolute path.
	Folder  string
	Started time.Time
	Elapsed time.Duration
	Totals  pipeline.Totals
	// Done, Skipped and Failed count what this run has settled.
	Done, Skipped, Failed int
	// Ended is false while it goes on. Reason is "finished", "interrupted" or what stopped
	// it, and ExitCode that of the command.
	Ended    bool
	Reason   string
	ExitCode int
	// Interrupted is true when somebody has stopped it.
	Interrupted bool
	// Drift is why the spec no longer fits the site, "" where it does.
	Drift string
	// Causes are why items have failed, the most frequent first.
	Causes []pipeline.ReasonCount
}

// Message is what is sent.
type Message struct{ Title, Text string }

// message makes the message of an event for a target, by its spec's templates. With an
// error, it is the default one.
func (t *Target) message(r Run, e Event, values expr.Values, redact func(string) string) (Message, error) {
	m := Message{Title: t.plain(r.Spec + ": " + r.happened(e)), Text: t.text(r, e)}
	values = values.With("run", t.runValues(r)).With("event", map[string]any{
		"kind": string(e.Kind), "text": t.plain(e.Text), "account": t.plain(e.Account), "time": e.Time.Format(time.RFC3339),
	})
	var errs []error
	for _, own := range []struct {
		template expr.Template
		into     *string
	}{{t.spec.Title, &m.Title}, {t.spec.Message, &m.Text}} {
		if own.template.Empty() {
			continue
		}
		text, err := own.template.Text(values)
		if err == nil {
			*own.into = text
		}
		errs = append(errs, err)
	}
	clean := func(text string) string { return t.own.Redact(redact(text)) }
	return Message{Title: shorten(oneLine(clean(m.Title)), titleMost), Text: shorten(lines(clean(m.Text)), messageMost)}, errors.Join(errs...)
}

func (t *Target) runValues(r Run) map[string]any {
	causes := make([]any, len(r.Causes))
	for i, c := range r.Causes {
		causes[i] = map[string]any{"class": string(c.Class), "reason": t.plain(c.Reason), "items": c.Items}
	}
	return map[string]any{
		"number": int(r.Number), "spec": t.plain(r.Spec), "outcome": r.outcome(), "reason": t.plain(r.Reason), "exit_code": r.ExitCode,
		"done": r.Totals.Done, "skipped": r.Totals.Skipped, "failed": r.Totals.Failed, "pending": r.Totals.Left(), "duplicates": r.Totals.Duplicates, "bad": r.Totals.Bad,
		"done_now": r.Done, "skipped_now": r.Skipped, "failed_now": r.Failed,
		"started": r.Started.Format(time.RFC3339), "duration": r.Elapsed.Round(time.Second).String(), "seconds": int(r.Elapsed.Seconds()),
		"folder": t.plain(r.Folder), "causes": causes,
	}
}

// outcome is how the run has ended, in a word or two.
func (r Run) outcome() string {
	switch {
	case !r.Ended:
		return "under way"
	case r.Interrupted:
		return "interrupted"
	case r.ExitCode == 0 && r.Totals.Left() > 0:
		return fmt.Sprintf("finished, %d to do", r.Totals.Left()) // it was to do a part alone
	case r.ExitCode == 0:
		return "all done"
	case r.Reason == finished:
		return "finished, not all done"
	default:
		return "stopped"
	}
}

// finished is the reason of a run that nothing has stopped.
const finished = "finished"

// happened is an event in a few words.
func (r Run) happened(e Event) string {
	switch e.Kind {
	case Drift:
		return "stopped: the spec no longer fits the site"
	case Person:
		return "a person is needed: " + cmp.Or(e.Account, "an account") + " cannot be logged in"
	case Nothing:
		return "nothing is done yet"
	case Test:
		return "a test"
	}
	what := r.outcome()
	if r.Totals.Failed > 0 {
		what += fmt.Sprintf(", %d failed", r.Totals.Failed)
	}
	return what
}

// causesMost is how many causes of failure the default message tells.
const causesMost = 5

// text is the default message.
func (t *Target) text(r Run, e Event) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	if e.Text != "" {
		line("%s", t.plain(e.Text))
	}
	if r.Number > 0 {
		line("run %d: %s", r.Number, t.plain(r.Totals.String()))
		line("this run: %d done, %d skipped, %d failed in %s", r.Done, r.Skipped, r.Failed, r.Elapsed.Round(time.Second))
	}
	if r.Ended && r.Reason != finished && r.Reason != e.Text && r.Reason != "" {
		line("%s", t.plain(r.Reason))
	}
	for i, c := range r.Causes {
		if i == causesMost {
			line("and %d more causes", len(r.Causes)-i)
			break
		}
		line("%d × %s: %s", c.Items, t.plain(string(c.Class)), t.plain(c.Reason))
	}
	if r.Ended {
		line("exit code %d", r.ExitCode)
	}
	if r.Folder != "" {
		line("%s", t.plain(r.Folder))
	}
	return strings.TrimSuffix(b.String(), "\n")
}
