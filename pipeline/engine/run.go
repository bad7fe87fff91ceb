package engine

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"pipe/pipeline"
	"pipe/specs"
)

// endLimit bounds what a run that was stopped still has to write.
const endLimit = 30 * time.Second

// Run does what the spec says with all items that are not done. The error is
// what stopped the run; items that fail are in the ledger. A cancelled context
// stops the run now, and what was in hand is pending again.
func Run(ctx context.Context, cfg Config) (Result, error) {
	reporter := cfg.Reporter()
	number, err := cfg.Ledger.BeginRun(ctx, pipeline.RunInfo{
		Spec: cfg.Spec.OutName(), Revision: cfg.Spec.Revision, Started: time.Now(), Partial: cfg.partial(), Shared: cfg.Shared,
	})
	if err != nil {
		return Result{}, err
	}
	if cfg.Evidence != nil {
		cfg.Evidence.Begin(number)
	}
	if cfg.Elements != nil {
		cfg.Elements.Begin(number)
	}
	cfg.Spec.OnDoubt(func(place, doubt string) {
		reporter.Warn(ctx, "a value may be another number", "field", place, "value", doubt)
	})
	workers := cfg.Pages.Workers()
	reporter.Report(pipeline.Event{
		Kind: pipeline.RunStarted, Run: number, Spec: cfg.Spec.Name, Workers: workerNames(workers), Sessions: sessionsOf(cfg.Spec, workers),
		Pages: len(workers), Pace: paceOf(cfg.Spec.Pool.Pace),
	})
	records := newRecordStage(&cfg, number, reporter)
	// What a killed run had still to put back, and to remove.
	failed := records.placement.exclusively(ctx, func() error {
		return errors.Join(records.placement.putBack(ctx), records.placement.removeReplaced(ctx))
	})
	if failed == nil {
		failed = runStages(ctx, &cfg, records, reporter)
	}
	return end(ctx, &cfg, records, reporter, failed)
}

// end notes in the ledger how the run ended, whatever the context says.
func end(ctx context.Context, cfg *Config, records *recordStage, reporter *pipeline.Reporter, failed error) (Result, error) {
	interrupted := ctx.Err() != nil || cfg.stopped()
	if interrupted && errors.Is(failed, context.Canceled) {
		failed = nil
	}
	reason := "finished"
	switch {
	case failed != nil:
		reason = reporter.Redact(failed.Error())
	case interrupted:
		reason = pipeline.RunInterrupted
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endLimit)
	defer cancel()
	result := records.result
	result.Interrupted = interrupted
	var stop *StopError
	if errors.As(failed, &stop) && stop.Drift != nil {
		// It was the spec that failed, not they.
		n, err := cfg.Ledger.Reopen(ctx, result.Run)
		result.Failed -= n
		failed = errors.Join(failed, err)
	}
	if len(result.Doubted) > 0 {
		failed = errors.Join(failed, cfg.Ledger.Again(ctx, result.Doubted, true))
	}
	err := cfg.Ledger.EndRun(ctx, result.Run, pipeline.RunEnd{Ended: time.Now(), Reason: reason})
	totals, counted := cfg.Ledger.Totals(ctx)
	result.Totals = totals
	reporter.Report(pipeline.Event{Kind: pipeline.RunEnded, Run: result.Run, Reason: reason, Totals: &totals})
	return result, errors.Join(failed, err, counted)
}

func workerNames(workers []pipeline.Worker) []string {
	names := make([]string, len(workers))
	for i, w := range workers {
		names[i] = w.Name
	}
	return names
}

// sessionsOf lists the browser contexts that log in, none for a spec without a login.
func sessionsOf(spec *specs.Spec, workers []pipeline.Worker) []pipeline.Session {
	accounts := pipeline.Accounts(spec)
	var all []pipeline.Session
	for _, w := range workers {
		if w.Account < len(accounts) && !slices.ContainsFunc(all, func(s pipeline.Session) bool { return s.Name == w.Context }) {
			all = append(all, pipeline.Session{Name: w.Context, Account: strconv.Itoa(w.Account + 1), AccountName: accounts[w.Account].Name})
		}
	}
	return all
}
