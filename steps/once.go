package steps

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"pipe/specs"
)

// onceStep is a step that is once and under way.
type onceStep struct {
	step *specs.Step
	// begun is true once the ledger has that it acts, acts how often it has.
	begun bool
	acts  int
	// trying is true while something prepares it, or tries whether anything is in its way.
	trying bool
	// steps and vars are the values of before.
	steps, vars map[string]any
}

// onceLimit bounds the noting of what has been done, which goes on when the run is
// stopped.
const onceLimit = 30 * time.Second

// passDone passes a step over that is once and done, and tells whether it did.
func (s *StepContext) passDone(ctx context.Context, step *specs.Step) (bool, error) {
	if !step.Once || s.Once == nil {
		return false, nil
	}
	outer := s.details
	defer func() { s.details = outer }()
	ended := s.observeStep(step)
	done, err := s.doneBefore(ctx, step)
	if err != nil {
		err = &Error{Step: step, Err: err}
	}
	if done || err != nil {
		ended(err, err)
	}
	return done, err
}

// doneBefore tells whether a step is once and done, and gives back what it found then.
// One that has begun and of which nothing more is known fails, unless its if does not
// hold.
func (s *StepContext) doneBefore(ctx context.Context, step *specs.Step) (bool, error) {
	made := s.madeOf(step)
	known, err := s.Once.Find(ctx, step, made)
	if err != nil || known == nil {
		return false, err
	}
	if _, chooses := step.Do.(branchingAction); !known.Done && !chooses {
		if holds, err := step.If.Holds(s.Values); err != nil || !holds {
			return false, err
		}
	}
	if !known.Done {
		reason := fmt.Sprintf("was begun %s, by a try that ended before the site's answer was known", known.Begun.Local().Format("2006-01-02 15:04:05"))
		if known.Doubted {
			reason = fmt.Sprintf("was done %s, when the item had other values", known.Begun.Local().Format("2006-01-02 15:04:05"))
		}
		return false, &UncertainError{Step: step, reason: reason}
	}
	for _, name := range slices.Sorted(maps.Keys(known.Item)) {
		if is, uses := made[name]; uses && known.Item[name] != is {
			if err := s.Once.Doubt(ctx, step); err != nil {
				return false, err
			}
			return false, &UncertainError{Step: step, reason: fmt.Sprintf("was done when item.%s was %q, which is %q now", name, known.Item[name], is)}
		}
	}
	s.restore(step, known.Found)
	s.SetNote("passed over: it is once, and was done " + known.Begun.Local().Format("2006-01-02 15:04:05"))
	return true, nil
}

// madeOf gives the values of the item that a step is made of. To have no value is to
// have an empty one.
func (s *StepContext) madeOf(step *specs.Step) map[string]string {
	item, _ := s.Values["item"].(map[string]any)
	made := map[string]string{}
	for _, name := range specs.ColumnsOf(step, item) {
		if made[name] = ""; item[name] != nil {
			made[name] = fmt.Sprint(item[name])
		}
	}
	return made
}

// restore gives back what a step found when it was done; what nobody knows is nothing.
func (s *StepContext) restore(step *specs.Step, found *Found) {
	if found == nil {
		for _, one := range append([]*specs.Step{step}, insideOf(step)...) {
			if one.Name != "" {
				s.setResult(one.Name, nil)
			}
		}
		return
	}
	for name, v := range found.Steps {
		s.setResult(name, v)
	}
	for name, v := range found.Vars {
		s.SetVar(specs.VarName(name), v)
	}
}

// insideOf lists the steps that stand in another.
func insideOf(step *specs.Step) (all []*specs.Step) {
	if in, ok := step.Do.(compositeAction); ok {
		for _, list := range in.nestedSteps() {
			WalkSteps(list, func(one *specs.Step) { all = append(all, one) })
		}
	}
	return all
}

// beginOnce notes that a step that is once is under way.
func (s *StepContext) beginOnce(step *specs.Step) {
	if step.Once && s.Once != nil {
		s.once = &onceStep{step: step, steps: s.results, vars: s.currentVars()}
	}
}

// acted is how often the step that is once and under way has acted.
func (s *StepContext) acted() int {
	if s.once == nil {
		return 0
	}
	return s.once.acts
}

// aboutToAct tells whether the step under way is the first to act of one that is once.
func (s *StepContext) aboutToAct() bool {
	return s.once != nil && !s.once.begun && s.step != nil && Writes(s.step)
}

// withoutActing has what comes prepare the step under way, and not act, until the
// function that it gives is called.
func (s *StepContext) withoutActing() func() {
	if s.once == nil {
		return func() {}
	}
	once, before := s.once, s.once.trying
	once.trying = true
	return func() { once.trying = before }
}

// beforeActing is called before anything is done to the page: it has the ledger know
// of what is done once, before it is.
func (s *StepContext) beforeActing(ctx context.Context) error {
	if s.static() != nil && s.step != nil && Writes(s.step) {
		if _, takes := s.step.Do.(*Capture); !takes {
			s.Sent = true
		}
	}
	if s.once == nil || s.once.trying || s.step == nil || !Writes(s.step) {
		return nil
	}
	if !s.once.begun {
		if err := s.noteBegun(ctx); err != nil {
			return err
		}
	}
	s.once.acts++
	return nil
}

func (s *StepContext) noteBegun(ctx context.Context) error {
	if err := s.Once.Begin(ctx, s.once.step, s.madeOf(s.once.step)); err != nil {
		return fmt.Errorf("noting that %q begins: %w", s.once.step.Name, err)
	}
	s.once.begun = true
	return nil
}

// endOnce notes how a step that is once has ended, and gives what its error comes to.
func (s *StepContext) endOnce(ctx context.Context, step *specs.Step, err error) error {
	o := s.once
	if o == nil || o.step != step {
		return err
	}
	s.once = nil
	if !o.begun {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), onceLimit)
	defer cancel()
	switch {
	case err == nil:
		noted := s.Once.Finish(ctx, step, Found{Steps: changed(o.steps, s.results), Vars: changed(o.vars, s.currentVars())})
		if noted != nil {
			return &UncertainError{Step: step, Err: noted, reason: "was done, which could not be noted: " + noted.Error()}
		}
		return nil
	case isTold(err), o.acts == 1 && isRefused(err):
		return errors.Join(err, s.Once.TakeBack(ctx, step))
	default:
		return &UncertainError{Step: step, Err: err, reason: "failed after it had begun, so that nobody knows whether the site has taken it (" + err.Error() + ")"}
	}
}

// changed gives what has another value than before.
func changed(before, now map[string]any) map[string]any {
	all := maps.Clone(now)
	maps.DeleteFunc(all, func(name string, v any) bool {
		was, known := before[name]
		return known && reflect.DeepEqual(was, v)
	})
	return all
}
