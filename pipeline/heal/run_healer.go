package heal

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"sync"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/steps"
)

// RunOptions are what a healer needs that stands by in a run. Known is read anew for each
// trial: the run itself may have seen the element.
type RunOptions struct {
	Options
	// Known gives what is known of elements by now.
	Known func(ctx context.Context) ([]pipeline.KnownElement, error)
	// Ask is told of a target that is tried only if Answer says so, and tells whether
	// anybody is there to answer; nil tries all.
	Ask func(Question) bool
	// Keep is given the spec's text with all that is proved, whenever that has grown.
	Keep func(text []byte)
}

// Question is a proposal of which somebody is asked.
type Question struct {
	// Place is the step's path in the spec with its position, Text the proposal in words,
	// Picture the file of a picture of it, "" for none.
	Place, Text, Picture string

	at targetAt
}

// targetAt is a target at a place of the spec.
type targetAt struct{ place, target string }

// trialsMost is how often a target is tried in a run without a proof before it is left.
const trialsMost = 3

// RunHealer heals the targets of navigate and download while a run is under way. It begins
// with the second of two items, one after the other, that find nothing: one alone may be
// missing. What that item goes by, it goes by alone until its files are proved; then all do.
// What the proof refuses is not tried again.
type RunHealer struct {
	o RunOptions

	mu sync.Mutex
	// proved is what all go by.
	proved *Healer
	// begun counts the attempts.
	begun int
	// missed are the targets that led to nothing, and no item has come through since.
	missed map[targetAt]miss
	// vain counts trials that ended without a proof.
	vain map[targetAt]int
	// answers are yes or no to what was asked, open what nobody has answered yet.
	answers map[targetAt]bool
	open    []Question
}

// miss is an item that found nothing, and the number of the attempt that did so last.
type miss struct {
	key     string
	attempt int
}

// NewRunHealer makes a healer for a run.
func NewRunHealer(o RunOptions) *RunHealer {
	return &RunHealer{o: o, proved: New(o.Options), missed: map[targetAt]miss{}, vain: map[targetAt]int{}, answers: map[targetAt]bool{}}
}

// Healed gives what is proved by now.
func (r *RunHealer) Healed() []Healed {
	r.mu.Lock()
	defer r.mu.Unlock()
	healed, _ := r.proved.Outcome()
	return healed
}

// Attempt implements pipeline.Healing.
func (r *RunHealer) Attempt(key string) pipeline.HealingAttempt {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.begun++
	return &attempt{run: r, key: key, number: r.begun}
}

// due notes that an item has found nothing, and tells whether its element is to be looked
// for.
func (r *RunHealer) due(at targetAt, key string, number int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.vain[at] >= trialsMost {
		return false
	}
	if r.answers[at] {
		return true
	}
	before, missed := r.missed[at]
	if !missed || before.key == key {
		r.missed[at] = miss{key, number}
		return false
	}
	return true
}

// standing is what all go by.
func (r *RunHealer) standing() *Healer {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.proved
}

// ask puts a proposal to whoever is there, once, and tells whether it is to be tried, or may
// be yet.
func (r *RunHealer) ask(q Question) (yes, open bool) {
	r.mu.Lock()
	answer, answered := r.answers[q.at]
	waiting := slices.ContainsFunc(r.open, func(o Question) bool { return o.at == q.at })
	if !answered && !waiting {
		r.open = append(r.open, q)
	}
	r.mu.Unlock()
	if answered || waiting {
		return answer, waiting
	}
	if r.o.Ask(q) {
		return false, true
	}
	r.close(q.at, false)
	return false, false
}

// Question gives what is asked and not answered, the zero value for nothing.
func (r *RunHealer) Question() Question {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.open) == 0 {
		return Question{}
	}
	return r.open[0]
}

// Answer answers the question that is open, and tells whether there is another.
func (r *RunHealer) Answer(yes bool) (more bool) {
	if q := r.Question(); q.Place != "" {
		r.close(q.at, yes)
	}
	return r.Question().Place != ""
}

func (r *RunHealer) close(at targetAt, yes bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answers[at] = yes
	r.open = slices.DeleteFunc(r.open, func(o Question) bool { return o.at == at })
}

// said tells whether a question is open, or was answered by yes.
func (r *RunHealer) said(at targetAt) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.answers[at] || slices.ContainsFunc(r.open, func(o Question) bool { return o.at == at })
}

// take makes what an attempt went by what all go by. Where another attempt has been proved
// since it began, its own stands for itself alone: the next item tries again what is left.
func (r *RunHealer) take(trial *Healer, base *Healer) (events []pipeline.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.proved != base || bytes.Equal(trial.text, base.text) {
		return nil
	}
	for _, one := range trial.healed {
		delete(r.missed, targetAt{one.place, one.Old})
		events = append(events, pipeline.Event{Kind: pipeline.Healed, Step: one.Where(), Reason: one.String()})
	}
	trial.healed = append(slices.Clone(base.healed), trial.healed...)
	trial.tried = map[attemptAt]bool{}
	trial.Known, r.proved = nil, trial
	if r.o.Keep != nil {
		r.o.Keep(trial.text)
	}
	return events
}

// ended learns of an attempt that has ended without a proof.
func (r *RunHealer) ended(a *attempt, class pipeline.Class) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, at := range a.on {
		switch {
		case class == pipeline.ProofFailed:
			r.vain[at] = trialsMost
		case class.OfSpec() || class == pipeline.Transient:
			r.vain[at]++
		}
	}
	if class == pipeline.Transient {
		return
	}
	for at, missed := range r.missed { // the item is another matter
		if missed.attempt == a.number {
			delete(r.missed, at)
		}
	}
}

// cameThrough forgets what led to nothing before an attempt began that has found all.
func (r *RunHealer) cameThrough(number int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for at, missed := range r.missed {
		if missed.attempt < number {
			delete(r.missed, at)
		}
	}
}

// attempt is one attempt at an item.
type attempt struct {
	run    *RunHealer
	key    string
	number int

	// All this is the attempt's own: the stages that have it do so one after the other.
	// trial is what it goes by, nil while that is what all go by; base is what it began
	// with.
	trial, base *Healer
	// on are the targets that it tries, asked those of which it has asked somebody, again
	// those that it has looked for again, as another item was proved meanwhile.
	on, asked, again []targetAt
}

// Replacement implements steps.Healer.
func (a *attempt) Replacement(t specs.Target) specs.Target {
	if a.trial != nil {
		return a.trial.Replacement(t)
	}
	return a.run.standing().Replacement(t)
}

// Heal implements steps.Healer.
func (a *attempt) Heal(ctx context.Context, on *steps.StepContext, place string, t specs.Target, optional bool) bool {
	at := targetAt{place, a.run.o.Redact(t.String())}
	if optional || !strings.HasPrefix(place, "navigate") && !strings.HasPrefix(place, "download") || on.Static() {
		return false
	}
	if a.trial == nil && !slices.Contains(a.again, at) && a.Replacement(t).String() != t.String() {
		a.again = append(a.again, at)
		return true
	}
	if a.trial == nil && !a.run.due(at, a.key, a.number) {
		return false
	}
	trial, base := a.trial, a.base
	if trial == nil {
		known, err := a.run.o.Known(ctx)
		if err != nil {
			return false
		}
		base = a.run.standing()
		trial = base.fork(known)
	}
	before := trial.state()
	if !trial.Heal(ctx, on, place, t, false) {
		return false
	}
	now := trial.state()
	if len(now.healed) == len(before.healed) {
		return true // it has come by now
	}
	if !a.allowed(at, now.healed[len(before.healed)]) {
		trial.restore(before)
		return false
	}
	a.trial, a.base, a.on = trial, base, append(a.on, at)
	return true
}

// allowed tells whether what has been found may be tried.
func (a *attempt) allowed(at targetAt, one Healed) bool {
	if a.run.o.Ask == nil {
		return true
	}
	yes, open := a.run.ask(Question{Place: one.Where(), Text: one.String(), Picture: one.Picture, at: at})
	if open {
		a.asked = append(a.asked, at)
	}
	return yes
}

// OnTrial implements pipeline.HealingAttempt.
func (a *attempt) OnTrial() string {
	if a.trial == nil {
		return ""
	}
	var all []string
	for _, one := range a.trial.healed {
		all = append(all, one.String())
	}
	return strings.Join(all, "; ")
}

// Asked implements pipeline.HealingAttempt.
func (a *attempt) Asked() bool { return slices.ContainsFunc(a.asked, a.run.said) }

// End implements pipeline.HealingAttempt.
func (a *attempt) End(proved bool, class pipeline.Class) []pipeline.Event {
	if !proved {
		a.run.ended(a, class)
		return nil
	}
	if a.trial == nil {
		a.run.cameThrough(a.number)
		return nil
	}
	return a.run.take(a.trial, a.base)
}
