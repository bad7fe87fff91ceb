package pipeline

import (
	"context"
	"iter"
	"net/url"
	"strings"
	"time"

	"pipe/specs"
)

// Table is something to read rows from: a file, what is at an address, or a
// query.
type Table struct {
	// Format is csv, xlsx, json, jsonl, sitemap or sql.
	Format string
	// Path is a file, an http or https address, or - for standard input.
	Path    string
	Headers map[string]string
	// Delimiter, Encoding and Columns are of CSV; 0, "" and nil mean to find out.
	Delimiter rune
	Encoding  string
	Columns   []string
	// Sheet and Header are of workbooks; "" and 0 mean the first.
	Sheet  string
	Header int
	// At points to the list in a JSON document.
	At string
	// DSN and Query are of sql.
	DSN, Query string
	// Limit bounds the wait for all that is not on this machine.
	Limit time.Duration
	// Found is told, once, what a file turned out to be, for people: its encoding,
	// its delimiter, its columns. It may be nil.
	Found func(what string)
}

// RowReader reads the rows of a table, once. A *RowError concerns one row, any
// other error ends them.
type RowReader func(ctx context.Context, t Table) iter.Seq2[Row, error]

// rows opens the source. done is to be called when it has been read.
func (f *feeder) rows(ctx context.Context) (iter.Seq2[Row, error], func(), error) {
	src, values := &f.cfg.Spec.Source, f.cfg.Spec.Values
	refined := func(rows iter.Seq2[Row, error]) iter.Seq2[Row, error] {
		r := &refinery{src: src, values: values}
		return r.refine(ctx, rows)
	}
	nothing := func() {}
	if src.Items != nil {
		return refined(listed(ctx, *src.Items)), nothing, nil
	}
	if ex := src.Export; ex != nil {
		staged, err := tried(ctx, f, func(ctx context.Context) (Staged, error) { return f.exportOnce(ctx, ex) })
		if err != nil {
			return nil, nothing, err
		}
		f.name = "the export's"
		return refined(f.cfg.ReadRows(ctx, Table{
			Format: ex.Format, Path: staged.Path(), Delimiter: delimiter(ex.Delimiter), Sheet: ex.Sheet, Header: ex.Header, At: ex.At, Found: f.found,
		})), staged.Discard, nil
	}
	if c := src.Collect; c != nil {
		staged, err := tried(ctx, f, func(ctx context.Context) (Staged, error) { return f.collectOnce(ctx, c) })
		if err != nil {
			return nil, nothing, err
		}
		f.name = "the collected list's"
		return refined(f.cfg.ReadRows(ctx, Table{Format: "json", Path: staged.Path()})), staged.Discard, nil
	}
	if src.Table != nil {
		f.name = "the site's table"
		rows, err := tried(ctx, f, func(ctx context.Context) ([]Row, error) { return f.tableOnce(ctx, src.Table) })
		return refined(each(ctx, rows)), nothing, err
	}
	t, err := TableOf(f.cfg.Spec)
	if err != nil {
		return nil, nothing, err
	}
	f.name, t.Found = t.name(), f.found
	return refined(f.cfg.ReadRows(ctx, t)), nothing, nil
}

// found tells what the source's file is.
func (f *feeder) found(what string) {
	f.tell(Event{Kind: SourceFound, Reason: strings.TrimSuffix(strings.TrimSuffix(f.name, ","), "'s") + ": " + what})
}

func listed(ctx context.Context, items specs.Items) iter.Seq2[Row, error] {
	rows := make([]Row, len(items))
	for i, fields := range items {
		rows[i].Fields = fields
	}
	return each(ctx, rows)
}

func each(ctx context.Context, rows []Row) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for _, row := range rows {
			if !yield(row, ctx.Err()) {
				return
			}
		}
	}
}

// TableOf tells what a spec's source reads that has no need of the site.
func TableOf(spec *specs.Spec) (Table, error) {
	t := Table{Limit: spec.Timeouts.Source.Std()}
	var path, dsn specs.Template
	var headers specs.Headers
	switch src := &spec.Source; {
	case src.CSV != nil:
		t.Format, path, headers = "csv", src.CSV.Path, src.CSV.Headers
		t.Delimiter, t.Encoding, t.Columns = delimiter(src.CSV.Delimiter), src.CSV.Encoding, src.CSV.Columns
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
	t.Headers = make(map[string]string, len(headers))
	for name, value := range headers {
		if t.Headers[name], err = value.Text(spec.Values); err != nil {
			return t, err
		}
	}
	return t, nil
}

// name is what a person knows the table by. An address is cut at its query,
// which may be a secret.
func (t Table) name() string {
	switch u, err := url.Parse(t.Path); {
	case t.Path == "-":
		return "standard input,"
	case t.Format == "sql":
		return "the query's"
	case err == nil && strings.HasPrefix(u.Scheme, "http"):
		return u.Scheme + "://" + u.Host + u.Path
	default:
		return t.Path
	}
}

func delimiter(text string) rune {
	for _, r := range text {
		return r
	}
	return 0
}
