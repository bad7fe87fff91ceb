package engine

import (
	"context"
	"fmt"
	"strings"
	"time"

	"pipe/pipeline"
	"pipe/steps"
)

// FetchStage receives the files of attempts from the site.
type FetchStage struct {
	Store    pipeline.Store
	Reporter *pipeline.Reporter
}

// Run receives the files of an attempt. The error is fatal to the run: the
// disk's, or that of the site's certificate.
func (s *FetchStage) Run(ctx context.Context, a *Attempt) error {
	if a.Err != nil {
		return nil
	}
	defer a.phase("fetch", time.Now())
	for i := range a.Files {
		f := &a.Files[i]
		var err error
		if f.Staged, err = s.Store.Create(ctx); err != nil {
			return err
		}
		over := a.timed(pathOf(f.Captured.Step) + ".fetch")
		got, err := receiveFile(ctx, &f.Captured, f.Staged)
		over()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if failed := f.Staged.Close(); failed != nil {
			return failed
		}
		if fatal := noItemsFault(err); fatal != nil {
			return fmt.Errorf("item %s: %w", s.Reporter.Redact(a.job.item.Key), fatal)
		}
		if err != nil {
			a.fail(err, pipeline.PlaceOfStep(f.Captured.Step))
			return nil
		}
		f.note = got.Note
		if got.Without != "" {
			s.lacks(ctx, a, pathOf(f.Captured.Step), got.Without)
		}
		f.File = pipeline.File{Size: f.Staged.Size(), SHA256: f.Staged.SHA256(), Via: got.Via, URL: got.URL, SiteName: got.Name, OpenEnd: got.OpenEnd, Step: pathOf(f.Captured.Step)}
	}
	return nil
}

// lacks tells what a file came without, which is no failure.
func (s *FetchStage) lacks(ctx context.Context, a *Attempt, step, what string) {
	s.Reporter.Warn(ctx, "a file came without a part of it", "item", a.job.item.Key, "step", step, "without", what)
	a.missing = strings.TrimPrefix(a.missing+"; "+step+": "+what, "; ")
}

// receiveFile receives one file within what its capture's limit leaves.
func receiveFile(ctx context.Context, c *steps.CapturedFile, to pipeline.Staged) (steps.Receipt, error) {
	ctx, cancel := context.WithTimeout(ctx, c.Left)
	defer cancel()
	w := &steps.DiskWriter{To: to}
	got, err := c.Delivery.Receive(ctx, w)
	if w.Err != nil {
		return got, w.Err
	}
	return got, err
}
