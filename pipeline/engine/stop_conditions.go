package engine

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/specs/document"
	"pipe/specs/expr"
	"pipe/steps"
)

// StopError is a run that was stopped because it made no sense to go on.
type StopError struct {
	// Class is that of the failures in a row; "" when they were of several.
	Class pipeline.Class
	// Drift is set when the spec no longer fits the site.
	Drift *Drift
	// Reason is a full sentence part.
	Reason string
}

func (e *StopError) Error() string {
	if e.Drift != nil && len(e.Drift.Nearest) > 0 {
		return e.Reason + "; nearest on the page: " + strings.Join(e.Drift.Nearest, ", ")
	}
	return e.Reason
}

// Drift is an element that no item found, or a value that none could be made of.
type Drift struct {
	// Step names the step and its place; Pos is that place, and Path leads to
	// it, when it is a step.
	Step string
	Pos  document.Pos
	Path string
	// Target is what was looked for, "" for a value, URL the page without its query.
	Target, URL string
	// Nearest are selectors of what is most like it on the page.
	Nearest []string
}

// shareLeast is how many items must be settled before a part of them counts.
const shareLeast = 20

// stopConditions tells when a run makes no sense any more. All but watchesDrift and
// expected is the record stage's.
type stopConditions struct {
	rules           *specs.StopWhen
	settled, failed int
	// row are the items that failed one after the other in one class, the first of them
	// begun as rowOrder says.
	class    pipeline.Class
	row      map[string]bool
	rowOrder int64
	// missing are the items that did not find what is looked for at a step; it
	// is nil once an item was done.
	step    string
	missing map[string]bool
	// alike are the items that failed for good at the place where the first of them
	// did, in its class; it is nil once that differs.
	alike map[string]bool
	first failurePlace
	// through is set once an item is done: what is missing later is no drift.
	through atomic.Bool
	// expected are the attempts that have come as far as their files, and due is the stop
	// that waits for those that were begun before dueOrder, nil for none.
	expected expectedAttempts
	due      *StopError
	dueOrder int64
}

// failurePlace is where an item failed, and how.
type failurePlace struct {
	step  string
	class pipeline.Class
}

func newStopConditions(rules *specs.StopWhen) *stopConditions {
	s := &stopConditions{rules: rules}
	if rules.Drift > 0 {
		s.missing = map[string]bool{}
	}
	if rules.Alike > 0 {
		s.alike = map[string]bool{}
	}
	return s
}

// observe learns from an attempt that is on record; the error ends the run.
func (s *stopConditions) observe(a *Attempt, status pipeline.Status) *StopError {
	if a.unconfirmed {
		if a.Err != nil {
			return s.afterExpected(a, s.drift(a)) // nil: it has come this far
		}
		return nil
	}
	switch status {
	case pipeline.Done, pipeline.Skipped:
		s.settled++
		s.through.Store(true)
	case pipeline.Failed:
		s.settled++
		s.failed++
	}
	if a.Err == nil {
		s.missing, s.alike, s.due = nil, nil, nil
		if a.order > s.rowOrder { // else it was begun before the row, and came later
			s.class, s.row = "", nil
		}
		return nil
	}
	return cmp.Or(s.afterExpected(a, cmp.Or(s.drift(a), s.failAlike(a, status))), s.inARow(a), s.failures())
}

// afterExpected puts the stop for what all of the first items come to off, until those
// are on record that were begun before the attempt with which it is due, and whose files
// were on their way, unless they have failed alike: what fails is often told sooner than a
// file comes, and one that comes shows that it does make sense to go on.
func (s *stopConditions) afterExpected(a *Attempt, stop *StopError) *StopError {
	if stop == nil {
		return nil
	}
	if s.due == nil || s.due.Class != stop.Class {
		s.due, s.dueOrder = stop, a.order
	}
	if s.expected.before(s.dueOrder, stop.Class) {
		return nil
	}
	return s.due
}

// failAlike notes an item that failed for good, as long as all did at one step and
// in one class.
func (s *stopConditions) failAlike(a *Attempt, status pipeline.Status) *StopError {
	if s.alike == nil || status != pipeline.Failed {
		return nil
	}
	here := failurePlace{a.Step, a.class}
	if len(s.alike) == 0 {
		s.first = here
	}
	if s.first != here {
		s.alike = nil
		return nil
	}
	s.alike[a.job.item.Key] = true
	if len(s.alike) < s.rules.Alike {
		return nil
	}
	at := ""
	if a.Step != "" {
		at = " at " + a.Step
	}
	return &StopError{Class: a.class, Reason: fmt.Sprintf("all of the first %d items failed%s as %s (stop_when.alike), the last: %v", len(s.alike), at, a.class, a.Err)}
}

func (s *stopConditions) failures() *StopError {
	most := s.rules.Failures
	many := most.Count > 0 && s.failed >= most.Count
	share := most.Percent > 0 && s.settled >= shareLeast && float64(s.failed)*100 >= most.Percent*float64(s.settled)
	if !many && !share {
		return nil
	}
	return &StopError{Reason: fmt.Sprintf("%d of %d items have failed, which is too many (stop_when.failures)", s.failed, s.settled)}
}

func (s *stopConditions) inARow(a *Attempt) *StopError {
	if s.class != a.class {
		s.class, s.row, s.rowOrder = a.class, map[string]bool{}, a.order
	}
	s.row[a.job.item.Key] = true
	for _, name := range []string{"", string(a.class)} {
		if most := s.rules.InARow[name]; most > 0 && len(s.row) >= most {
			return &StopError{Class: a.class, Reason: fmt.Sprintf("%d items in a row failed as %s (stop_when.in_a_row), the last: %v", len(s.row), a.class, a.Err)}
		}
	}
	return nil
}

func (s *stopConditions) drift(a *Attempt) *StopError {
	if s.missing == nil {
		return nil
	}
	absent := absentOf(a)
	if absent == nil && !unreadable(a) {
		if a.class.OfSpec() {
			s.step, s.missing = "", map[string]bool{}
		}
		return nil
	}
	if s.step != a.Step {
		s.step, s.missing = a.Step, map[string]bool{}
	}
	s.missing[a.job.item.Key] = true
	if len(s.missing) < s.rules.Drift {
		return nil
	}
	if absent == nil {
		return &StopError{Class: a.class, Drift: &Drift{Step: a.Step, URL: a.url}, Reason: fmt.Sprintf(
			"the spec does not fit the site: all of the first %d items failed at %s, the last: %v (stop_when.drift)", len(s.missing), a.Step, a.Err)}
	}
	d := &Drift{Step: a.Step, Target: cmp.Or(a.absent, absent.Target.String()), URL: a.url, Nearest: a.nearest}
	at := &steps.Error{Step: absent.Step}
	if at.Step != nil || errors.As(a.Err, &at) {
		d.Step, d.Pos, d.Path = at.Where(), at.Step.Pos, at.Step.Path
	}
	return &StopError{Class: a.class, Drift: d, Reason: fmt.Sprintf(
		"the spec does not fit the site: all of the first %d items failed at %s, where %s is not to be seen (stop_when.drift)", len(s.missing), d.Step, d.Target)}
}

// unreadable tells whether an attempt failed at a value that is not what the spec
// says of it.
func unreadable(a *Attempt) bool {
	var value *expr.ValueError
	return a.class == pipeline.Spec && errors.As(a.Err, &value)
}

// absentOf gives what an attempt did not find, when that is all that is wrong.
func absentOf(a *Attempt) *steps.AbsentError {
	var absent *steps.AbsentError
	var status *steps.StatusError
	var failed *steps.FailedRequestsError // the site's fault, which the spec cannot mend
	if a.class != pipeline.Transient || errors.As(a.Err, &status) || errors.As(a.Err, &failed) || !errors.As(a.Err, &absent) {
		return nil
	}
	return absent
}

// watchesDrift tells whether an element that is not found may yet be put down to
// the spec. It is safe for concurrent use.
func (s *stopConditions) watchesDrift() bool { return s.rules.Drift > 0 && !s.through.Load() }
