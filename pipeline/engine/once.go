package engine

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/steps"
)

// itemOnce has the steps of one attempt at an item done once for it.
type itemOnce struct {
	ledger  pipeline.OnceLedger
	run     int64
	key     string
	attempt int
	known   OnceKnown
}

var _ steps.OnceLedger = (*itemOnce)(nil)

// Find tells what is known of a step.
func (o *itemOnce) Find(ctx context.Context, step *specs.Step, item map[string]string) (*steps.OnceEntry, error) {
	return o.known.Find(ctx, o.key, step, item)
}

// OnceKnown tells what a ledger knows of the steps of a spec that are done once.
type OnceKnown struct {
	Spec *specs.Spec
	From pipeline.OnceStandings
	// Redact takes the secrets out of a text.
	Redact func(string) string
}

// Find tells what is known of a step of an item, nil when it has not begun; item is what
// it would be made of now.
func (o *OnceKnown) Find(ctx context.Context, key string, step *specs.Step, item map[string]string) (*steps.OnceEntry, error) {
	known, err := o.From.OnceSteps(ctx, key)
	if err != nil {
		return nil, err
	}
	entry, begun := known[step.Name]
	if !begun {
		return nil, o.renamed(step, known)
	}
	for name, text := range item {
		// The ledger has none of the secrets: what is as it has it is as it was.
		if was, made := entry.Item[name]; made && was == o.Redact(text) {
			entry.Item[name] = text
		}
	}
	return &entry, nil
}

// renamed tells of a step that may have begun under a name that the spec has no more.
func (o *OnceKnown) renamed(step *specs.Step, known map[string]pipeline.OnceEntry) error {
	if len(known) == 0 {
		return nil
	}
	for _, one := range append(specs.StepsIn(o.Spec.Navigate.Steps), specs.StepsIn(o.Spec.Download.Steps)...) {
		if one.Once {
			delete(known, one.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(known)) {
		return &steps.UsageError{Reason: fmt.Sprintf(
			"what the spec had done once for this item was called %q, and no step of it is called so any more: if %q is that step, give it its name back; if it is another, --again does all of the item anew", name, step.Name)}
	}
	return nil
}

// Begin notes that a step is about to act.
func (o *itemOnce) Begin(ctx context.Context, step *specs.Step, item map[string]string) error {
	plain := make(map[string]string, len(item))
	for name, text := range item {
		plain[name] = o.known.Redact(text)
	}
	return o.ledger.BeginOnce(ctx, o.run, o.key, o.attempt, step.Name, plain, time.Now())
}

// TakeBack notes that it has not acted.
func (o *itemOnce) TakeBack(ctx context.Context, step *specs.Step) error {
	return o.ledger.TakeBackOnce(ctx, o.key, o.attempt, step.Name)
}

// Finish notes that it is done.
func (o *itemOnce) Finish(ctx context.Context, step *specs.Step, found steps.Found) error {
	return o.ledger.FinishOnce(ctx, o.key, o.attempt, step.Name, steps.Found{Steps: o.plain(found.Steps), Vars: o.plain(found.Vars)})
}

// plain gives values that the ledger can keep. One that holds a secret is nothing: with
// the secret taken out it would be another.
func (o *itemOnce) plain(found map[string]any) map[string]any {
	values := make(map[string]any, len(found))
	for name, v := range found {
		whole := plainValue(v, func(text string) string { return text })
		if kept := plainValue(v, o.known.Redact); reflect.DeepEqual(kept, whole) {
			values[name] = kept
		} else {
			values[name] = nil
		}
	}
	return values
}

// Doubt notes that it was done for other values of the item.
func (o *itemOnce) Doubt(ctx context.Context, step *specs.Step) error {
	return o.ledger.DoubtOnce(ctx, o.key, step.Name)
}
