package pipeline

import (
	"context"
	"crypto/x509"
	"fmt"
	"iter"
	"net/url"
	"strings"
	"time"
)

// Row is one row of the source.
type Row struct {
	// Line is where it starts in its file, from 1; 0 when there is no file. File
	// is the file, where it is not the source's own.
	Line int
	File string
	// Number is its place in the source, from 1, counted by who reads it.
	Number int
	Fields map[string]any
	// Doubt says why the row is no item, as a total, unless source.where leaves it
	// out; "" when there is none.
	Doubt string
}

// Errorf is an error of the row alone.
func (r Row) Errorf(format string, args ...any) *RowError {
	return &RowError{Line: r.Line, File: r.File, Number: r.Number, Reason: fmt.Sprintf(format, args...)}
}

// RowError is what is wrong with one row; the rows after it go on.
type RowError struct {
	Line   int
	File   string
	Number int
	Reason string
}

func (e *RowError) Error() string {
	if where := e.Where(); where != "" {
		return where + ": " + e.Reason
	}
	return e.Reason
}

// Where tells which row it is, as line 7.
func (e *RowError) Where() string {
	switch {
	case e.Line > 0 && e.Number > e.Line: // several stand on a line, as in a JSON file
		return fmt.Sprintf("line %d, row %d", e.Line, e.Number)
	case e.Line > 0:
		return fmt.Sprintf("line %d", e.Line)
	case e.Number > 0:
		return fmt.Sprintf("row %d", e.Number)
	default:
		return ""
	}
}

// RejectedRow is a row of the source that is no item.
type RejectedRow struct {
	// Number is the row's place in the source, from 1, File what it was read from
	// and Row where in there it is, as line 7.
	Number int    `json:"number" jsonschema:"the row's place in the source, from 1"`
	File   string `json:"file,omitempty" jsonschema:"what it was read from"`
	Row    string `json:"row" jsonschema:"where in there it is, as line 7"`
	Reason string `json:"reason" jsonschema:"what is wrong with it"`
}

// String gives it in a line.
func (b RejectedRow) String() string {
	return strings.TrimSpace(b.File+" "+b.Row) + ": " + b.Reason
}

// Table is something to read rows from: a file, what is at an address, or a
// query.
type Table struct {
	// Format is csv, xlsx, json, jsonl, sitemap or sql.
	Format string
	// Path is a file, an http or https address, or - for standard input.
	Path string
	// Headers go to the origin of Path and to Origins, wherever these lead.
	Headers map[string]string
	Origins []string
	// Authorities vouch for the sites that are asked; nil for the machine's own.
	Authorities *x509.CertPool
	// Delimiter, Encoding and Columns are of CSV; 0, "" and nil mean to find out.
	Delimiter rune
	Encoding  string
	Columns   []string
	// Sheet is of workbooks; "" means the first with the wanted columns.
	Sheet string
	// Header is the line or row with the columns' names; 0 means to find it.
	Header int
	// Wanted are the columns that there must be. They tell which row is the header,
	// and which of several sheets or tables is meant.
	Wanted []string
	// At points to the list in a JSON document.
	At string
	// DSN and Query are of sql.
	DSN, Query string
	// Limit bounds the wait for all that is not on this machine.
	Limit time.Duration
	// Found is told, once, what a file turned out to be, for people: its encoding,
	// its delimiter, its columns; and these, which it has without any row too. It may
	// be nil.
	Found func(what string, columns []string)
}

// RowReader reads the rows of a table, once. A *RowError concerns one row, any
// other error ends them.
type RowReader func(ctx context.Context, t Table) iter.Seq2[Row, error]

// TableDigest gives a digest of a table's bytes without reading its rows, "" where
// there is none to be had.
type TableDigest func(ctx context.Context, t Table) (string, error)

// Name is what a person knows the table by. An address is cut at its query,
// which may be a secret.
func (t Table) Name() string {
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
