package pipeline

import (
	"context"
	"sync"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
	"pipe/steps"
)

// KnownElement is what is known of the element that a target of the spec led to when it
// last did, free of secrets; values of the item stand in its texts as expressions.
type KnownElement struct {
	// Place is the path of the target's step, or of the part of the spec that it is in;
	// Target is its text there.
	Place  string `json:"place"`
	Target string `json:"target"`
	// Run is the number of the run that saw it last, and Seen when.
	Run     int64         `json:"run"`
	Seen    time.Time     `json:"seen"`
	Element steps.Element `json:"element"`
}

// ElementLedger keeps what is known of elements.
type ElementLedger interface {
	KeepElement(ctx context.Context, e KnownElement) error
}

// Elements has what the targets of a run lead to kept in a ledger, once for each target
// at each place: each costs one question to the browser, in the whole run.
type Elements struct {
	ledger ElementLedger
	redact func(string) string
	warn   func(ctx context.Context, text string, args ...any)

	mu   sync.Mutex
	run  int64
	seen map[[2]string]bool
}

// NewElements keeps elements in a ledger. redact takes the secrets out of a text, warn
// is told of what could not be kept.
func NewElements(ledger ElementLedger, redact func(string) string, warn func(ctx context.Context, text string, args ...any)) *Elements {
	return &Elements{ledger: ledger, redact: redact, warn: warn, seen: map[[2]string]bool{}}
}

// Begin names the run that sees the elements.
func (e *Elements) Begin(run int64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.run = run
}

// Watch has the elements kept that steps find.
func (e *Elements) Watch(on *steps.StepContext) { on.Elements = e }

// describeLimit bounds the look at an element, which is there.
const describeLimit = 2 * time.Second

// Found describes an element that nobody in the run has yet, before its step acts. It is
// kept if all the steps end well: what a failure was led to may have been another.
func (e *Elements) Found(ctx context.Context, on *steps.StepContext, place string, t specs.Target, loc playwright.Locator) func(error) {
	known := KnownElement{Place: place, Target: e.redact(t.String())}
	key := [2]string{known.Place, known.Target}
	if !e.claim(key) {
		return nil
	}
	looking, cancel := context.WithTimeout(ctx, describeLimit)
	defer cancel()
	element, err := steps.DescribeElement(looking, loc)
	if err != nil {
		return nil // it went away meanwhile: once is enough
	}
	known.Element = element.Map(func(text string) string { return e.redact(on.AsExpressions(text)) })
	known.Seen = time.Now()
	return func(failed error) {
		if failed != nil {
			e.release(key)
			return
		}
		known.Run = e.number()
		if err := e.ledger.KeepElement(context.WithoutCancel(ctx), known); err != nil {
			e.warn(ctx, "what is known of an element could not be kept", "place", place, "error", err)
		}
	}
}

func (e *Elements) claim(key [2]string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.seen[key] {
		return false
	}
	e.seen[key] = true
	return true
}

func (e *Elements) release(key [2]string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.seen, key)
}

func (e *Elements) number() int64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.run
}
