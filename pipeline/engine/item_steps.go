package engine

import (
	"context"
	"fmt"
	"os"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/steps"
)

// ItemSteps are the parts of an item's way that are no steps of the spec.
type ItemSteps struct {
	Spec     *specs.Spec
	Reporter *pipeline.Reporter
	// Worker and Key say in events whose way it is.
	Worker, Key string
}

// GoHome opens the page where every item starts. The error is a
// *pipeline.PlaceError.
func (s *ItemSteps) GoHome(ctx context.Context, on *steps.StepContext) error {
	if s.Spec.Navigate.Home.Empty() {
		return nil
	}
	home, err := s.Spec.Navigate.Home.Text(on.Values)
	if err == nil {
		s.Reporter.Report(pipeline.Event{Kind: pipeline.StepStarted, Worker: s.Worker, Key: s.Key, Step: "navigate.home"})
		ctx, cancel := context.WithTimeout(ctx, s.Spec.Timeouts.Step.Std())
		defer cancel()
		err = on.Goto(ctx, home, "load")
	}
	if err != nil {
		return &pipeline.PlaceError{At: "navigate.home", Err: err}
	}
	return nil
}

// Look gives what tells whether a file that has come is the one that a capture
// wants; it is proved again once it is the item's.
func Look(store pipeline.Store) func(context.Context, *steps.CapturedFile, *os.File, steps.Receipt) error {
	return func(ctx context.Context, c *steps.CapturedFile, file *os.File, got steps.Receipt) error {
		return look(ctx, store, c, file, got)
	}
}

func look(ctx context.Context, store pipeline.Store, c *steps.CapturedFile, file *os.File, got steps.Receipt) error {
	if c.Proof.Unique && c.Taken[got.SHA256] {
		return &pipeline.ProofError{Check: "unique", Reason: "has the same bytes as a file that the item has already"}
	}
	if c.Late {
		named := *c
		var err error
		if named.Name, err = c.Named(got.Name); err != nil {
			return nameFault(err)
		}
		c = &named
	}
	want := expectation(c)
	if c.Many {
		want = pipeline.Expectation{Type: "zip"}
	}
	proof, err := store.Examine(ctx, file, want)
	if err != nil || c.Many || c.Proof.Matches == nil {
		return err
	}
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("looking at the file: %w", err)
	}
	return matches(c, pipeline.File{
		Name: c.Name, Size: info.Size(), SHA256: got.SHA256, Type: proof.Type, Pages: proof.Pages, Via: got.Via, URL: got.URL, SiteName: got.Name,
	}, proof)
}

// ReadField takes a field of the record from the page.
func (s *ItemSteps) ReadField(ctx context.Context, on *steps.StepContext, field specs.Field) (any, error) {
	ctx, cancel := context.WithTimeout(ctx, s.Spec.Timeouts.Step.Std())
	defer cancel()
	v, err := on.ReadValue(ctx, field.Read)
	if err != nil {
		return v, pipeline.FieldError(field, err)
	}
	return v, nil
}
