package engine

import (
	"context"
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
	redact  func(string) string
}

var _ steps.OnceLedger = (*itemOnce)(nil)

// Find tells what is known of a step.
func (o *itemOnce) Find(ctx context.Context, step *specs.Step, item map[string]string) (*steps.OnceEntry, error) {
	return FindOnce(ctx, o.ledger, o.key, step, item, o.redact)
}

// FindOnce tells what a ledger knows of a step of an item that is done once, nil when it
// has not begun; item is what it would be made of now.
func FindOnce(ctx context.Context, from pipeline.OnceStandings, key string, step *specs.Step, item map[string]string, redact func(string) string) (*steps.OnceEntry, error) {
	known, err := from.OnceSteps(ctx, key)
	if err != nil {
		return nil, err
	}
	entry, begun := known[step.Name]
	if !begun {
		return nil, nil
	}
	for name, text := range item {
		// The ledger has none of the secrets: what is as it has it is as it was.
		if was, made := entry.Item[name]; made && was == redact(text) {
			entry.Item[name] = text
		}
	}
	return &entry, nil
}

// Begin notes that a step is about to act.
func (o *itemOnce) Begin(ctx context.Context, step *specs.Step, item map[string]string) error {
	plain := make(map[string]string, len(item))
	for name, text := range item {
		plain[name] = o.redact(text)
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

func (o *itemOnce) plain(found map[string]any) map[string]any {
	values, _ := plainValue(found, o.redact).(map[string]any)
	return values
}

// Doubt notes that it was done for other values of the item.
func (o *itemOnce) Doubt(ctx context.Context, step *specs.Step) error {
	return o.ledger.DoubtOnce(ctx, o.key, step.Name)
}
