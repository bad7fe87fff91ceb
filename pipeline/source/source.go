// Package source makes items of a spec's source: rows out of a file, a query, an
// export, a table of the site or what steps collect, then refined (where, map,
// dedupe, order, limit), each with its key.
//
// It may use the domain and the ports of package pipeline: a lent page, a staged
// file, a reader of tables; no other room. Rows that wait to be put in order do
// so on disk. It knows nothing of the ledger or of the run.
package source

import (
	"context"
	"iter"
	"strings"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/specs/expr"
	"pipe/steps"
)

// Source reads the rows of a spec's source, once.
type Source struct {
	Spec *specs.Spec
	// Pages and Store are for sources that the site has.
	Pages pipeline.Pages
	Store pipeline.Store
	// ReadRows reads files and queries.
	ReadRows pipeline.RowReader
	// Digest makes a digest of a file's bytes; nil for none.
	Digest   pipeline.TableDigest
	Reporter *pipeline.Reporter
	// Evidence keeps what the page shows of a list that cannot be read; nil keeps nothing.
	Evidence pipeline.EvidenceTaker
	// Screenshots is the folder where screenshots go.
	Screenshots string
	// Attempts is how often the site is asked for its items.
	Attempts uint
	// FirstPage reads of a list on several pages the first alone.
	FirstPage bool
	// Configure, if set, is given the context of the steps that read on the site.
	Configure func(*steps.StepContext)

	// Length, if set, is told how many rows the list has, once its end is reached:
	// of a short list before any item is given.
	Length func(ctx context.Context, rows int) error

	// Foresee, if set, is told of items as soon as their rows are read, long before they
	// are given or found to be none, as long as it wants to know more.
	Foresee func(item pipeline.Item) (more bool)

	// lostAtEnd is true once the list was read in a session that was lost.
	lostAtEnd bool
	// name is what the rows are read from, for people.
	name string
	// header are the columns that the file's header names, nil where it has none.
	header []string
	// rows counts those of the source, seq those that are left when it is refined.
	rows, seq int
	// ended is true once the list was read to its end, told once Length knows.
	ended, told bool
}

// DefaultAttempts is how often a run asks the site for its items.
const DefaultAttempts = 3

// open opens the source. done is to be called when it has been read.
func (s *Source) open(ctx context.Context) (rows iter.Seq2[pipeline.Row, error], done func(), err error) {
	src := &s.Spec.Source
	done = func() {}
	switch {
	case src.Items != nil:
		rows = listed(ctx, *src.Items)
	case src.Export != nil:
		rows, done, err = s.exported(ctx, src.Export)
	case src.Collect != nil:
		rows, done, err = s.collected(ctx, src.Collect)
	case src.Table != nil:
		rows, err = s.siteTable(ctx, src.Table)
	default:
		rows, err = s.read(ctx)
	}
	if err != nil {
		return nil, done, err
	}
	r := &refinery{spec: s.Spec, src: src, values: s.Spec.Values}
	return r.refine(ctx, asRows(s.inspected(s.foreseen(s.counted(rows))))), done, nil
}

// asRows gives what is wrong with a row as its error.
func asRows(all iter.Seq2[found, error]) iter.Seq2[pipeline.Row, error] {
	return func(yield func(pipeline.Row, error) bool) {
		for one, err := range all {
			if one.bad != nil {
				err = one.bad
			}
			if !yield(one.row, err) {
				return
			}
		}
	}
}

// read opens what has no need of the site.
func (s *Source) read(ctx context.Context) (iter.Seq2[pipeline.Row, error], error) {
	t, err := TableOf(s.Spec)
	if err != nil {
		return nil, err
	}
	s.name, t.Found = t.Name(), s.found
	return s.ReadRows(ctx, t), nil
}

// found tells what the source's file is.
func (s *Source) found(what string, columns []string) {
	s.header = columns
	name := strings.TrimSuffix(strings.TrimSuffix(s.name, ","), "'s")
	s.Reporter.Report(pipeline.Event{Kind: pipeline.SourceFound, Reason: name + ": " + what})
}

func listed(ctx context.Context, items specs.Items) iter.Seq2[pipeline.Row, error] {
	rows := make([]pipeline.Row, len(items))
	for i, fields := range items {
		rows[i].Fields = fields
	}
	return each(ctx, rows)
}

func each(ctx context.Context, rows []pipeline.Row) iter.Seq2[pipeline.Row, error] {
	return func(yield func(pipeline.Row, error) bool) {
		for _, row := range rows {
			if !yield(row, ctx.Err()) {
				return
			}
		}
	}
}

// TableOf tells what a spec's source reads that has no need of the site.
func TableOf(spec *specs.Spec) (pipeline.Table, error) {
	t := pipeline.Table{Limit: spec.Timeouts.Source.Std(), Wanted: spec.WantedColumns()}
	var path, dsn expr.Location
	var headers specs.Headers
	switch src := &spec.Source; {
	case src.CSV != nil:
		t.Format, path, headers = "csv", src.CSV.Path, src.CSV.Headers
		t.Delimiter, t.Encoding, t.Columns = delimiter(src.CSV.Delimiter), src.CSV.Encoding, src.CSV.Columns
		t.Header = src.CSV.Header
	case src.XLSX != nil:
		t.Format, path, headers = "xlsx", src.XLSX.Path, src.XLSX.Headers
		t.Sheet, t.Header = src.XLSX.Sheet, src.XLSX.Header
	case src.JSON != nil:
		t.Format, path, headers, t.At = "json", src.JSON.Path, src.JSON.Headers, src.JSON.At
	case src.JSONL != nil:
		t.Format, path, headers = "jsonl", src.JSONL.Path, src.JSONL.Headers
	case src.Sitemap != nil:
		t.Format, path, headers = "sitemap", src.Sitemap.Path, src.Sitemap.Headers
	case src.SQL != nil:
		t.Format, dsn, t.Query = "sql", src.SQL.DSN, src.SQL.Query
	}
	var err error
	if t.Path, err = path.Text(spec.Values); err != nil {
		return t, err
	}
	if t.DSN, err = dsn.Text(spec.Values); err != nil {
		return t, err
	}
	t.Origins = spec.Origins(spec.Values)
	if t.Authorities, err = pipeline.Authorities(spec); err != nil {
		return t, err
	}
	t.Headers = make(map[string]string, len(headers))
	for name, value := range headers {
		if t.Headers[name], err = value.Text(spec.Values); err != nil {
			return t, err
		}
	}
	return t, nil
}

func delimiter(text string) rune {
	for _, r := range text {
		return r
	}
	return 0
}
