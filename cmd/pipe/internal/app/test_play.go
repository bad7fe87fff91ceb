package app

import (
	"context"
	"errors"
	"iter"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/engine"
	"pipe/pipeline/source/file"
	"pipe/pipeline/traffic"
)

// giveRows gives rows that were kept.
func giveRows(rows []map[string]any) pipeline.RowReader {
	return func(_ context.Context, t pipeline.Table) iter.Seq2[pipeline.Row, error] {
		return func(yield func(pipeline.Row, error) bool) {
			if t.Found != nil && len(rows) > 0 {
				var columns []string
				for name := range rows[0] {
					columns = append(columns, name)
				}
				t.Found(t.Format, columns)
			}
			for i, fields := range rows {
				if !yield(pipeline.Row{Line: i + 1, Fields: fields}, nil) {
					return
				}
			}
		}
	}
}

// played is what came of a recording.
type played struct {
	got     *traffic.Expectation
	missing []traffic.Missing
	// fault is what ended the run.
	fault error
}

// play runs a spec, read with what it was recorded with, against a recording.
func play(ctx context.Context, path string, f SpecOptions, archive *traffic.Archive, want *traffic.Expectation, std Std) (played, error) {
	began := time.Now()
	// One-time codes are made of whole half-minutes: none is due at the start. The time has
	// the zone in which it was recorded, so that today is the same day anywhere.
	recorded := want.Recorded.Truncate(30 * time.Second)
	f.sealed, f.Secrets, f.Env = true, "", map[string]string{}
	f.now = func() time.Time { return recorded.Add(time.Since(began)) }
	for _, values := range []map[string]string{want.Env, want.Secrets} {
		for name, value := range values {
			f.Env[name] = value
		}
	}
	set := map[string]string{}
	for _, values := range []map[string]string{want.Set, f.Set} {
		for name, value := range values {
			set[name] = value
		}
	}
	f.Set = set
	spec, secrets, err := f.Load(path)
	if err != nil {
		return played{}, err
	}
	player := traffic.NewPlayer(archive, traffic.SameCodes(traffic.Codes(want.Secrets, recorded, recorded.Add(time.Hour))))
	spec.Recorded = player.Requests
	var out played
	run := testRun{
		spec: spec, secrets: secrets, traffic: player, offline: true, readRows: file.Read, std: std, say: func(string) {},
		ended: func() { out.missing = player.Missing() },
	}
	for _, item := range want.Items {
		run.only = append(run.only, item.Key)
	}
	if !spec.Source.OnSite() {
		run.readRows = giveRows(want.Rows)
	}
	got, _, err := run.run(ctx)
	if err != nil && (ctx.Err() != nil || CodeOf(err) == ExitEnvironment && len(out.missing) == 0 && !isStop(err)) {
		return out, err
	}
	if out.fault = err; err == nil {
		out.got = want.With(got)
	}
	return out, nil
}

// isStop tells that a run was stopped by what it met.
func isStop(err error) bool {
	var stop *engine.StopError
	return errors.As(err, &stop)
}
