package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
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
	known := pipeline.File{Name: c.Name, Type: proof.Type, Pages: proof.Pages, Via: got.Via, URL: got.URL, SiteName: got.Name}
	if known.Size, known.SHA256, err = sumOf(file); err != nil {
		return err
	}
	return matches(c, known, proof)
}

func sumOf(file *os.File) (int64, string, error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return 0, "", fmt.Errorf("looking at the file: %w", err)
	}
	sum := sha256.New()
	size, err := io.Copy(sum, file)
	if err != nil {
		return 0, "", fmt.Errorf("looking at the file: %w", err)
	}
	return size, hex.EncodeToString(sum.Sum(nil)), nil
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
