package preview

import (
	"context"
	"errors"
	"time"

	"pipe/pipeline/engine"
	"pipe/specs"
	"pipe/steps"
)

// onceKnown are the steps that are done once for an item, as the runs have left them;
// nothing is noted there.
type onceKnown struct {
	engine.OnceKnown
	key string
}

var errNotActing = errors.New("it is done once for an item, and not by a dry run")

func (o *onceKnown) Find(ctx context.Context, step *specs.Step, item map[string]string) (*steps.OnceEntry, error) {
	if o.From == nil {
		return nil, nil
	}
	return o.OnceKnown.Find(ctx, o.key, step, item)
}

func (*onceKnown) Begin(context.Context, *specs.Step, map[string]string) error { return errNotActing }

func (*onceKnown) TakeBack(context.Context, *specs.Step) error { return nil }

func (*onceKnown) Finish(context.Context, *specs.Step, steps.Found) error { return nil }

func (*onceKnown) Doubt(context.Context, *specs.Step) error { return nil }

// trialOnce are those of a trial, which keeps what it has done itself for as long as it
// lasts.
type trialOnce struct {
	onceKnown
	own map[string]*steps.OnceEntry
}

func (o *trialOnce) Find(ctx context.Context, step *specs.Step, item map[string]string) (*steps.OnceEntry, error) {
	if own := o.own[step.Name]; own != nil {
		return own, nil
	}
	return o.onceKnown.Find(ctx, step, item)
}

func (o *trialOnce) Begin(_ context.Context, step *specs.Step, item map[string]string) error {
	o.own[step.Name] = &steps.OnceEntry{Begun: time.Now(), Item: item}
	return nil
}

func (o *trialOnce) TakeBack(_ context.Context, step *specs.Step) error {
	delete(o.own, step.Name)
	return nil
}

func (o *trialOnce) Finish(_ context.Context, step *specs.Step, found steps.Found) error {
	o.own[step.Name].Done, o.own[step.Name].Found = true, &found
	return nil
}

// offRecord says of what a trial has done once that no run will know.
const offRecord = "done on the site, and not on record: a run does it once more for this item"
