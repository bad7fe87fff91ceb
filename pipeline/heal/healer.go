package heal

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/specs/document"
	"pipe/steps"
)

// Options are what a healer needs.
type Options struct {
	Spec *specs.Spec
	// Text is that of the spec's own file, Parse reads one as the spec was read.
	Text  []byte
	Parse func(text []byte) (*specs.Spec, error)
	// Known is what is known of elements, those first that were seen last.
	Known []pipeline.KnownElement
	// Redact takes the secrets out of a text.
	Redact func(string) string
	// Picture keeps a picture of the page under a name and gives its file; nil keeps none.
	Picture func(name string, png []byte) (string, error)
}

// Healer heals the targets of a spec while its steps run: it stands by as their
// steps.Healer, and changes the spec's text in memory alone.
type Healer struct {
	Options

	mu sync.Mutex
	// targets are those of the spec as it was, by which the steps ask; now are those of
	// the text as it is.
	targets, now []specs.TargetAt
	text         []byte
	tried        map[attemptAt]bool
	seen         map[string]bool
	healed       []Healed
	left         []Left
}

// New makes a healer.
func New(o Options) *Healer {
	all := o.Spec.Targets()
	return &Healer{Options: o, targets: all, now: all, text: o.Text, tried: map[attemptAt]bool{}, seen: map[string]bool{}}
}

// fork makes a healer that begins where this one is, and knows of elements what is known by
// now.
func (h *Healer) fork(known []pipeline.KnownElement) *Healer {
	h.mu.Lock()
	defer h.mu.Unlock()
	fork := &Healer{Options: h.Options, targets: h.targets, now: h.now, text: h.text, tried: map[attemptAt]bool{}, seen: map[string]bool{}}
	fork.Known = known
	return fork
}

// healerState is how far a healer has come.
type healerState struct {
	now    []specs.TargetAt
	text   []byte
	healed []Healed
}

func (h *Healer) state() healerState {
	h.mu.Lock()
	defer h.mu.Unlock()
	return healerState{h.now, h.text, slices.Clone(h.healed)}
}

func (h *Healer) restore(s healerState) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now, h.text, h.healed = s.now, s.text, s.healed
}

// Text gives the spec's text as it is by now.
func (h *Healer) Text() []byte {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.text)
}

// Replacement implements steps.Healer.
func (h *Healer) Replacement(t specs.Target) specs.Target {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.healed) == 0 {
		return t
	}
	text := t.String()
	for i, at := range h.targets {
		if at.Target.String() == text && h.now[i].Target.String() != text {
			return h.now[i].Target
		}
	}
	return t
}

// healLimit bounds one look for an element.
const healLimit = 30 * time.Second

// attemptAt is a look for the element of a target, on one page of one item's way.
type attemptAt struct {
	on                 *steps.StepContext
	place, target, url string
}

// Heal implements steps.Healer: it tries once for each target on each page.
func (h *Healer) Heal(ctx context.Context, on *steps.StepContext, place string, t specs.Target, optional bool) bool {
	h.mu.Lock()
	key := attemptAt{on, place, t.String(), on.Page.URL()}
	again := h.tried[key]
	h.tried[key] = true
	h.mu.Unlock()
	i := h.find(place, t)
	if again || i >= 0 && h.targets[i].Absent {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, healLimit)
	defer cancel()
	if there, err := on.IsShown(ctx, steps.PageSign{Target: t}); err == nil && there {
		return true // it has come by now
	}
	left := Left{Path: place, Target: h.Redact(t.String())}
	if i < 0 {
		left.Reason = "it does not stand in the spec's own text: it comes by a block, an include or a profile"
	} else {
		left.Path, left.Pos = h.targets[i].Path, h.posOf(i)
		left.Reason, left.Candidates = h.try(ctx, on, i, optional)
	}
	if left.Reason == "" || optional {
		return left.Reason == ""
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.left = append(h.left, left)
	return false
}

// find gives the index of the target that a step asks for.
func (h *Healer) find(place string, t specs.Target) int {
	text := t.String()
	return slices.IndexFunc(h.targets, func(at specs.TargetAt) bool { return (place == "" || at.Place == place) && at.Target.String() == text })
}

func (h *Healer) posOf(i int) document.Pos {
	if step := h.targets[i].Step; step != nil {
		return step.Pos
	}
	return h.Spec.PlaceOf(h.targets[i].Path)
}

// try looks for the element of a target, and says why it has found none.
func (h *Healer) try(ctx context.Context, on *steps.StepContext, i int, optional bool) (reason string, told []Candidate) {
	at := h.targets[i]
	known, is := knownOf(h.Known, at.Place, at.Target, h.Redact)
	if !is {
		return "nothing is known of it: no run has found it since the ledger keeps what targets lead to" + othersAt(h.Known, at.Place), nil
	}
	page, err := steps.DescribePage(ctx, on.Page)
	if err != nil {
		return h.Redact(err.Error()), nil
	}
	w := wantedOf(at)
	all := rank(known.Element, page, func(text string) string { return h.Redact(on.AsExpressions(text)) }, w)
	least := leastScore
	if optional {
		least = leastOptional
	}
	margin, why := clear(all, least)
	if why != "" {
		return why, all[:min(len(all), candidatesTold)]
	}
	best := all[0]
	text, targets, renamed, err := h.proposal(ctx, on, i, known.Element, best, w)
	if err != nil {
		return h.Redact(err.Error()), all[:1]
	}
	one := Healed{
		place: at.Place, Path: at.Path, Pos: h.posOf(i), Old: h.Redact(at.Target.String()), New: h.Redact(targets[i].Target.String()),
		Score: best.Score, Margin: margin, Run: known.Run, Now: best.Element, Picture: h.picture(ctx, on, at.Place, best),
	}
	h.take(text, targets, one, renamed)
	return "", nil
}

// take makes a proposal the spec's text.
func (h *Healer) take(text []byte, targets []specs.TargetAt, one Healed, renamed map[string]string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.text, h.now = text, targets
	if text, targets, also := h.rename(renamed); len(also) > 0 {
		h.text, h.now, one.Also = text, targets, also
	}
	h.healed = append(h.healed, one)
}

// errNoLocator is an element that is clear, and for which there is no locator.
type errNoLocator struct{ element steps.Element }

func (e *errNoLocator) Error() string {
	return fmt.Sprintf("it is clear which element it is (%s), and nothing that would stand in place of the target leads to it alone and says all that the target says", describe(e.element))
}

// proposal gives the spec's text with the first locator that leads to an element alone.
func (h *Healer) proposal(ctx context.Context, on *steps.StepContext, i int, known steps.Element, best Candidate, w wanted) ([]byte, []specs.TargetAt, map[string]string, error) {
	selectors, err := best.found.Selectors(ctx, on.Page)
	if err != nil {
		return nil, nil, nil, err
	}
	for n := range selectors {
		selectors[n] = on.AsExpressions(selectors[n])
	}
	last := error(&errNoLocator{best.Element})
	for n, old := range h.targets[i].Target.Any {
		if !fits(old, known) {
			continue
		}
		for _, o := range options(old, known, best.Element, best.found.Frames, selectors, w) {
			if h.Redact(o.locator.String()) != o.locator.String() {
				continue // it would go by a secret
			}
			text, targets, err := h.with(i, n, o.locator)
			if err != nil {
				last = err
				continue
			}
			if h.leads(ctx, on, targets[i].Target, n, best, w) {
				return text, targets, o.renamed, nil
			}
		}
	}
	return nil, nil, nil, last
}

// with gives the spec's text with another locator in one place, and its targets.
func (h *Healer) with(i, alternative int, l specs.LocatorText) ([]byte, []specs.TargetAt, error) {
	h.mu.Lock()
	text, at := h.text, h.now[i]
	h.mu.Unlock()
	out, err := replace(text, at, alternative, l)
	if err != nil {
		return nil, nil, err
	}
	spec, err := h.Parse(out)
	if err != nil {
		return nil, nil, fmt.Errorf("the spec would not be one any more: %w", err)
	}
	targets := spec.Targets()
	if len(targets) != len(h.targets) {
		return nil, nil, fmt.Errorf("%s: the spec would have other targets", at.Path)
	}
	return out, targets, nil
}

// leads tells whether one of a target's alternatives leads to an element, and to it alone
// where it is not one of several.
func (h *Healer) leads(ctx context.Context, on *steps.StepContext, t specs.Target, alternative int, to Candidate, w wanted) bool {
	if len(t.Any) <= alternative {
		return false
	}
	loc, err := on.Locate(specs.Target{Any: t.Any[alternative : alternative+1]})
	if err != nil {
		return false
	}
	if w.many {
		loc = loc.First()
	}
	only, err := to.found.IsOnly(ctx, loc)
	return err == nil && only
}
