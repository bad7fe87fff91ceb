package engine

import (
	"context"
	"errors"
	"fmt"
	"os"

	"pipe/pipeline"
	"pipe/steps"
)

// Look tells whether a file that has come to a page is the one that a capture wants.
// It is proved again once it is the item's.
func (s *ProveStage) Look(ctx context.Context, c *steps.CapturedFile, file *os.File, got steps.Receipt) error {
	if c.Proof.Unique && c.Taken[got.SHA256] {
		return &pipeline.ProofError{Check: "taken", Reason: "is a file that the item has already"}
	}
	one := *c
	if c.Late {
		var err error
		if one.Name, err = c.Named(got.Name); err != nil {
			return nameFault(err)
		}
	}
	want := s.expectation(&one, &pipeline.File{OpenEnd: got.OpenEnd})
	if c.Many {
		want = pipeline.Expectation{Type: "zip"}
	}
	proof, err := s.Store.Examine(ctx, file, want)
	if err != nil || c.Many || c.Proof.Matches == nil {
		return err
	}
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("looking at the file: %w", err)
	}
	return matches(&one, pipeline.File{
		Name: one.Name, Size: info.Size(), SHA256: got.SHA256, Type: proof.Type, Pages: proof.Pages, Via: got.Via, URL: got.URL, SiteName: got.Name,
	}, proof)
}

// look is Look for an item's file, which must be no other item's.
func (b *browseStage) look(key string) func(context.Context, *steps.CapturedFile, *os.File, steps.Receipt) error {
	return func(ctx context.Context, c *steps.CapturedFile, file *os.File, got steps.Receipt) error {
		err := b.prove.Look(ctx, c, file, got)
		if err == nil && c.Proof.Unique {
			err = b.placement.owned(ctx, key, got.SHA256)
		}
		var unfit *pipeline.ProofError
		if errors.As(err, &unfit) && unfit.InDoubt {
			return nil // that is told once the source is read
		}
		return err
	}
}
