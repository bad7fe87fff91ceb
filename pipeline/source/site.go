package source

import (
	"cmp"
	"context"
	"errors"
	"io"
	"time"

	"github.com/cenkalti/backoff/v5"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/steps"
)

// attempted has the site give its items, on the first worker's page, which has
// nothing else to do until there are some. It waits between the attempts as the
// spec's retry says for the failure.
func attempted[T any](ctx context.Context, s *Source, once func(context.Context) (T, error)) (T, error) {
	wait, tries := &classBackoff{retry: &s.Spec.Retry}, uint(0)
	return backoff.Retry(ctx, func() (T, error) {
		lostBefore := s.lostAtEnd
		got, err := once(ctx)
		var refused *pipeline.LoginError
		class, _ := pipeline.Classify(err)
		err = pipeline.CertificateFault(err)
		if wait.err = err; ctx.Err() != nil || steps.IsCertificateFault(err) || errors.As(err, &refused) || err != nil && class == pipeline.Spec {
			return got, backoff.Permanent(err)
		}
		// A run waits for a site that does not answer its login, however long.
		var absent *pipeline.UnreachableError
		free := s.Attempts > 1 && errors.As(err, &absent) || s.lostAtEnd && !lostBefore
		if !free {
			tries++
		}
		if err != nil && s.Attempts > 0 && tries >= s.Attempts {
			return got, backoff.Permanent(err)
		}
		return got, err
	}, backoff.WithBackOff(wait), backoff.WithMaxElapsedTime(0), backoff.WithNotify(func(err error, _ time.Duration) {
		s.Reporter.Warn(ctx, "the source could not be read, trying again", "error", err)
	}))
}

// classBackoff waits as the class of the newest failure wants it.
type classBackoff struct {
	retry    *specs.Retry
	err      error
	failures int
}

func (b *classBackoff) NextBackOff() time.Duration {
	b.failures++
	class, asked := pipeline.Classify(b.err)
	return max(asked, pipeline.RetryRuleOf(b.retry, class).Wait(b.failures))
}

func (b *classBackoff) Reset() { b.failures = 0 }

// onSite reads on the first worker's page, within a limit; 0 is timeouts.source.
func (s *Source) onSite(ctx context.Context, limit time.Duration, read func(ctx context.Context, page pipeline.Page, on *steps.StepContext) error) error {
	whole := ctx
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(limit, s.Spec.Timeouts.Source.Std()))
	defer cancel()
	page, worker, err := s.firstPage(ctx)
	if err != nil {
		return err
	}
	defer page.Done()
	on := pipeline.NewStepContext(s.Spec, page, pipeline.AccountValues(s.Spec, worker.Account), s.Screenshots)
	on.OnStepStart = func(step *specs.Step) {
		s.Reporter.Report(pipeline.Event{Kind: pipeline.StepStarted, Worker: worker.Name, Step: step.Path, StepName: step.Name})
	}
	on.OnLog = func(ctx context.Context, step *specs.Step, text string) {
		s.Reporter.Info(ctx, text, "step", step.Path)
	}
	on.Place = "source"
	if s.Configure != nil {
		s.Configure(on)
	}
	defer on.StopDialogs()
	if s.opensPage() {
		if err := page.LookHome(ctx); err != nil {
			return err
		}
	}
	err = read(ctx, page, on)
	on.EndFound(err)
	if err != nil {
		s.keepEvidence(whole, page, worker, on, err)
		page.Discard() // nobody knows what is still under way on it
		return err
	}
	return s.stillIn(ctx, page, on)
}

// keepEvidence keeps what the page shows of a list that cannot be read.
func (s *Source) keepEvidence(ctx context.Context, page pipeline.Page, worker pipeline.Worker, on *steps.StepContext, err error) {
	if s.Evidence == nil {
		return
	}
	class, _ := pipeline.Classify(err)
	opening := ""
	if status := new(steps.StatusError); errors.As(err, &status) {
		opening = status.URL
	}
	s.Evidence.Take(ctx, pipeline.Failure{
		Of: pipeline.EvidenceOfSource, Worker: worker.Name, Class: class, Step: cmp.Or(pipeline.PlaceOf(err), "source"), Reason: err.Error(),
		Page: page.Playwright(), Opening: opening, SecretFields: on.SecretFields(),
	})
}

// opensPage tells whether the list begins with an address, wherever the page is before.
func (s *Source) opensPage() bool {
	src := &s.Spec.Source
	var first []specs.Step
	switch {
	case src.Table != nil && !src.Table.Goto.Empty():
		return true
	case src.Table != nil:
		first = src.Table.Steps
	case src.Export != nil:
		first = src.Export.Steps
	case src.Collect != nil:
		first = src.Collect.Steps
	}
	return len(first) > 0 && first[0].Verb == "goto"
}

// stillIn makes sure that no guest has read the list, which may be shorter than ours.
func (s *Source) stillIn(ctx context.Context, page pipeline.Page, on *steps.StepContext) error {
	err := pipeline.WhileWatched(ctx, page, on, func(ctx context.Context) error { return page.StillIn(ctx, "source", s.lostAtEnd) })
	if err == nil && page.Lost() {
		err = steps.ErrSessionLost
	}
	s.lostAtEnd = s.lostAtEnd || errors.Is(err, steps.ErrSessionLost)
	return err
}

// firstPage opens the page of the first worker whose account is not given up.
func (s *Source) firstPage(ctx context.Context) (pipeline.Page, pipeline.Worker, error) {
	var failed error
	tried := map[int]bool{}
	for i, w := range s.Pages.Workers() {
		if tried[w.Account] {
			continue
		}
		tried[w.Account] = true
		page, err := s.Pages.Open(ctx, i)
		var refused *pipeline.LoginError
		if !errors.As(err, &refused) {
			return page, w, err
		}
		failed = err
	}
	return nil, pipeline.Worker{}, failed
}

// stage has a staged file written, and closes it.
func (s *Source) stage(ctx context.Context, write func(io.Writer) error) (pipeline.Staged, error) {
	staged, err := s.Store.Create(ctx)
	if err != nil {
		return nil, err
	}
	if err = write(staged); err == nil {
		err = staged.Close()
	}
	if err != nil {
		staged.Discard()
		return nil, err
	}
	return staged, nil
}
