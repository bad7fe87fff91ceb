package preview

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"pipe/specs"
	"pipe/steps"
)

// What of an item's way is no step, by its path.
const (
	TrialHome   = "navigate.home"
	TrialRecord = "record"
)

// Open opens the trial's page, unless it is open.
func (t *Trial) Open(ctx context.Context) error {
	if t.on != nil {
		return nil
	}
	return t.begin(ctx)
}

// Next gives what comes next: a step that is in no other, or, without one, what else there
// is on an item's way, by its path.
func (t *Trial) Next() (path string, step *specs.Step) {
	switch {
	case t.on == nil || t.at < 0:
		return TrialHome, nil
	case t.at < len(t.all):
		return t.all[t.at].Path, &t.all[t.at]
	default:
		return TrialRecord, nil
	}
}

// Step does what comes next, and no more. What fails stays next.
func (t *Trial) Step(ctx context.Context) (TrialResult, error) {
	until := t.Until
	defer func() { t.Until, t.single = until, false }()
	t.Until, t.single = "", true
	if path, _ := t.Next(); path != TrialRecord {
		t.Until = path
	}
	return t.Run(ctx)
}

// Finds tells whether a path or a name is that of a step, and of the one that comes next,
// or stands in it.
func (t *Trial) Finds(by string) (known, next bool) {
	path, at := t.Next()
	if by == path || by == TrialHome || by == TrialRecord {
		return true, by == path
	}
	if at != nil {
		for _, s := range specs.StepsIn([]specs.Step{*at}) {
			if isStep(s, by) {
				return true, true
			}
		}
	}
	return CheckUntil(t.cfg.Spec, by) == nil, false
}

// Context is what the steps act on, nil before the page is open.
func (t *Trial) Context() *steps.StepContext { return t.on }

// Abandoned tells whether a call is still under way that may yet act on the page.
func (t *Trial) Abandoned() bool { return t.on != nil && t.on.Abandoned }

// Evaluate gives what an expression has for a value now, in words and without secrets.
func (t *Trial) Evaluate(code string) (string, error) {
	if t.on == nil {
		return "", errors.New("the page is not open yet")
	}
	e, err := specs.ParseExpression(code)
	if err != nil {
		return "", err
	}
	v, err := e.Value(t.on.Values)
	if err != nil {
		return "", err
	}
	return t.reporter.Redact(strings.TrimSpace(fmt.Sprintf("%v", v))), nil
}
