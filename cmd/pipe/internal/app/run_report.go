package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/engine"
	"pipe/pipeline/evidence"
	"pipe/pipeline/record"
	"pipe/pipeline/report/console"
	"pipe/pipeline/report/snapshot"
	"pipe/specs"
	"pipe/specs/document"
	"pipe/specs/secret"
)

// reportedMost bounds the items of each kind that the final report is made from.
const reportedMost = 10_000

// lastSnapshots writes the folder's reports after all that this run has done:
// no other run's older ones come after them.
func (o *output) lastSnapshots(ctx context.Context, shots *snapshot.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, snapshotsLimit)
	defer cancel()
	unlock, err := o.folder.exclusive(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	return shots.Write(ctx)
}

// snapshots writes the reports and the record files of a folder while a run is
// at work.
func snapshots(spec *specs.Spec, out *output, log *slog.Logger) (*snapshot.Writer, error) {
	kinds := record.Kinds{}
	for _, f := range spec.Record.Fields {
		kinds[f.Name] = f.Read.Kind()
	}
	var files []snapshot.RecordFile
	for _, to := range spec.Record.To {
		if to.File == "" {
			continue
		}
		write, err := record.Writer(out.ledger, record.Format(filepath.Ext(to.File)[1:]), kinds)
		if err != nil {
			return nil, fmt.Errorf("record file %q: %w", to.File, err)
		}
		files = append(files, snapshot.RecordFile{Path: to.File, Write: write})
	}
	return snapshot.New(out.ledger, snapshot.Options{Dir: out.dir, Spec: spec.OutName(), Records: files, Also: out.writeTables, Shared: !out.folder.alone, Log: log})
}

// runReport is the final report of a run.
type runReport struct {
	spec *specs.Spec
	// words name the spec on a command line.
	words   string
	out     *output
	secrets *secret.Store
	std     Std
	json    bool
	// limit is that of --limit.
	limit int
	// met tells how often what may show at any moment was dealt with.
	met []string
}

// print prints the final report and gives the run's exit code as an error.
func (r runReport) print(ctx context.Context, result engine.Result, failed error, elapsed time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, reportLimit)
	defer cancel()
	if !r.out.folder.alone { // the list was read by another run
		short, err := r.out.ledger.LastShort(ctx)
		if err != nil {
			return errors.Join(failed, err)
		}
		result.Short = cmp.Or(result.Short, short)
	}
	doubts, err := uncertain(ctx, r.out.ledger, r.words)
	if err != nil {
		return errors.Join(failed, err)
	}
	code := ExitDone
	switch {
	case failed != nil:
		code = CodeOf(failed)
	case result.Interrupted:
		code = ExitInterrupted
	case result.Totals.Failed+result.Totals.Stale+result.Totals.Bad > 0, result.Bad > 0, result.Short != "", len(result.Doubted)+len(doubts.Rows) > 0:
		code = ExitFailed
	}
	if r.json {
		return Exit(code, failed)
	}
	final := console.Final{
		Spec: r.spec.OutName(), SpecPath: r.words, Out: relative(r.out.dir), Totals: result.Totals,
		DoneNow: result.Done, SkippedNow: result.Skipped, FailedNow: result.Failed, Elapsed: elapsed, Limit: r.limit, Met: r.met,
	}
	if final.Run, err = r.out.ledger.Run(ctx, result.Run); err != nil {
		return errors.Join(failed, err)
	}
	final.Reason = final.Run.Reason
	if failed != nil && final.Reason == "finished" {
		// What came after it, such as a table that took no records.
		final.Reason = r.secrets.Redact(failed.Error())
	}
	r.explain(failed, &final)
	final.Short, final.Doubted, final.Uncertain = result.Short, result.Doubted, doubts
	if err = r.read(ctx, &final); err != nil {
		return err
	}
	_, final.Color = r.std.terminal()
	final.Color = final.Color && os.Getenv("NO_COLOR") == ""
	console.Report(r.std.Out, final)
	return Exit(code, nil)
}

// read takes from the ledger what the report lists.
func (r runReport) read(ctx context.Context, final *console.Final) (err error) {
	for to, rows := range map[*[]pipeline.ItemRow]iter.Seq2[pipeline.ItemRow, error]{
		&final.Skipped: r.out.ledger.Items(ctx, pipeline.Skipped),
		&final.Failed:  r.out.ledger.Items(ctx, pipeline.Failed),
		&final.Stale:   r.out.ledger.Stale(ctx),
	} {
		if *to, err = firstRows(rows); err != nil {
			return err
		}
	}
	for _, err := range r.out.ledger.Evidence(ctx, pipeline.Of{Run: final.Run.Number}) {
		if err != nil {
			return err
		}
		final.EvidenceOf++
	}
	final.Evidence = filepath.Join(relative(r.out.dir), evidence.Dir, fmt.Sprintf("run-%d", final.Run.Number))
	if final.BadRows, err = firstRows(r.out.ledger.Rejected(ctx)); err != nil {
		return err
	}
	if final.Changed, err = r.out.ledger.FailedUnderOthers(ctx, r.spec.Revision); err != nil {
		return err
	}
	return nil
}

// firstRows takes no more rows than a report is made from.
func firstRows[T any](rows iter.Seq2[T, error]) (all []T, err error) {
	for row, err := range rows {
		if err != nil {
			return nil, err
		}
		if all = append(all, row); len(all) == reportedMost {
			break
		}
	}
	return all, nil
}

// explain says more of a run that was stopped than fits into a line.
func (r runReport) explain(failed error, final *console.Final) {
	var refused *pipeline.LoginError
	if errors.As(failed, &refused) {
		final.Notes = []string{
			"check what login.accounts has; `pipe run " + r.words + " --headed` shows what the login's steps do,",
			"and `pipe login " + r.words + "` lets you finish them by hand. One that the site refuses is not tried again until its credentials change.",
		}
	}
	var faults document.Faults
	if errors.As(failed, &faults) {
		final.Reason = "the spec does not fit the source"
		final.Notes = strings.Split(r.secrets.Redact(faults.Error()), "\n")
	}
	var stop *engine.StopError
	if !errors.As(failed, &stop) || stop.Drift == nil {
		return
	}
	d := stop.Drift
	final.Reason = r.secrets.Redact(stop.Reason)
	if d.Path != "" {
		fault := r.spec.FaultAt(d.Pos, d.Path, d.Target+" is not to be seen on "+d.URL)
		final.Notes = strings.Split(r.secrets.Redact(fault.Render()), "\n")
	}
	if len(d.Nearest) > 0 {
		final.Notes = append(final.Notes, "nearest on that page:")
	}
	for _, near := range d.Nearest {
		final.Notes = append(final.Notes, "  "+r.secrets.Redact(near))
	}
}

// relative gives a path as a person at this folder would write it.
func relative(path string) string {
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	short, err := filepath.Rel(here, path)
	if err != nil || len(short) > len(path) {
		return path
	}
	return short
}
