package engine

import (
	"context"
	"errors"
	"io"
	"os"
	"path"
	"path/filepath"

	"pipe/pipeline"
	"pipe/steps"
)

// setAside keeps a file that is refused as evidence.
func setAside(ctx context.Context, reporter *pipeline.Reporter, a *Attempt, f pipeline.Staged) {
	at, err := f.SetAside(a.job.item.Key)
	if err != nil {
		reporter.Warn(ctx, "the file could not be kept as evidence", "item", a.job.item.Key, "error", err)
	}
	if at != "" {
		a.refused = path.Join("evidence", filepath.Base(at))
	}
}

// evidenceStage has evidence kept of attempts that failed.
type evidenceStage struct {
	taker pipeline.EvidenceTaker // nil keeps nothing
}

// tracing has the attempt traced, where that is wanted, until the function that it gives is
// called: logins come before.
func (e *evidenceStage) tracing(ctx context.Context, page pipeline.Page, a *Attempt, on *steps.StepContext) (end func()) {
	if e.taker == nil || on.Static() {
		return func() {}
	}
	if a.trace = e.taker.Trace(ctx, page.Playwright()); a.trace == nil {
		return func() {}
	}
	return func() {
		a.trace.Drop(ctx)
		a.trace = nil
	}
}

// ofPage keeps what the page shows of an attempt that has just failed on it.
func (e *evidenceStage) ofPage(ctx context.Context, page pipeline.Page, a *Attempt, on *steps.StepContext) {
	if e.taker == nil || a.class == pipeline.Crashed {
		return
	}
	f := failedAttempt(a)
	if status := new(steps.StatusError); errors.As(a.Err, &status) {
		f.Opening = status.URL
	}
	f.Page, f.SecretFields, f.Trace = page.Playwright(), on.SecretFields(), a.trace
	a.evidence = e.taker.Take(ctx, f)
}

// ofFile keeps what there is of an attempt whose page had nothing to do with its failure:
// why its file was refused.
func (e *evidenceStage) ofFile(ctx context.Context, a *Attempt) {
	if e.taker != nil && a.evidence == "" && a.Err != nil && a.refused != "" {
		a.evidence = e.taker.Take(ctx, failedAttempt(a))
	}
}

func failedAttempt(a *Attempt) pipeline.Failure {
	return pipeline.Failure{
		Of: pipeline.EvidenceOfItem, Key: a.job.item.Key, Attempt: a.number, Worker: a.Worker.Name, Class: a.class, Step: a.Step,
		Reason: a.Err.Error(), File: a.refused,
	}
}

// wrongTextLimit is how much of a wrong file is looked at.
const wrongTextLimit = 64 << 10

// textOf reads the start of a file that is not what it should be: as a rule, a
// page that says why.
func textOf(f pipeline.Staged) string {
	file, err := os.Open(f.Path())
	if err != nil {
		return ""
	}
	defer func() { _ = file.Close() }()
	head, err := io.ReadAll(io.LimitReader(file, wrongTextLimit))
	if err != nil {
		return ""
	}
	return pipeline.HTMLText(head)
}
