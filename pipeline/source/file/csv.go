// Package file reads the files that tell a run which items to bring home,
// row by row: a file of a million rows takes no more memory than one of ten.
// [Read] is the [pipeline.RowReader] of a run; what is at an address, and the
// rows of a query, it brings into a file of its own first.
//
// It touches the file, address or database that it is told, and imports packages
// pipeline and specs alone.
package file

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"golang.org/x/text/transform"

	"pipe/pipeline"
)

// maxRecord bounds one row, in bytes: a quotation mark that is left open would
// read the rest of the file as one field.
const maxRecord = 16 << 20

// Row is one row of a file. Its fields are texts as the file has them, by the
// columns' headers and, where it differs, by their identifiers too.
type Row = pipeline.Row

// RowError is what is wrong with one row. The rows after it are still read.
type RowError = pipeline.RowError

// CSVOptions tell what a CSV file does not tell itself. The zero value reads
// any ordinary one.
type CSVOptions struct {
	// Delimiter stands between the fields; 0 means to find out whether it is a
	// comma, a semicolon, a tab or a pipe.
	Delimiter rune
	// Header names the columns of a file that has no header row; nil means
	// that the first row with anything in it is the header.
	Header []string
	// Encoding is a name as the web has them; "" means to find out.
	Encoding string
	// Found is told, once, what the file turned out to be; nil for nobody.
	Found func(what string)
}

// CSV reads the rows of a CSV file, once. It takes UTF-8, UTF-16 and
// Windows-1252, with a byte order mark and without; quoted fields may hold line ends, and stray
// quotation marks are taken as they are. Empty lines are skipped.
//
// A row that does not fit the header gives a *[RowError] and the rows go on;
// any other error ends them. The caller closes r.
func CSV(ctx context.Context, r io.Reader, opts CSVOptions) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		t, err := open(r, opts)
		if err != nil {
			yield(Row{}, err)
			return
		}
		if opts.Found != nil {
			opts.Found(t.what())
		}
		for {
			if err := context.Cause(ctx); err != nil {
				yield(Row{}, fmt.Errorf("reading CSV: %w", err))
				return
			}
			row, err := t.next()
			if errors.Is(err, io.EOF) {
				return
			}
			_, goesOn := errors.AsType[*RowError](err)
			if !yield(row, err) || err != nil && !goesOn {
				return
			}
		}
	}
}

// Headers returns the columns of a CSV file without reading its rows. The
// caller closes r.
func Headers(r io.Reader, opts CSVOptions) ([]Column, error) {
	t, err := open(r, opts)
	if err != nil {
		return nil, err
	}
	return t.columns, nil
}

// table is a CSV file whose header is read.
type table struct {
	csv     *csv.Reader
	limit   *recordLimit
	columns []Column
	// encoding is the one that was found, for people.
	encoding string
}

// what tells what the file is.
func (t *table) what() string {
	between := map[rune]string{',': "commas", ';': "semicolons", '\t': "tabs", '|': "bars"}[t.csv.Comma]
	if between == "" {
		between = fmt.Sprintf("%q", t.csv.Comma)
	}
	if len(t.columns) == 1 {
		return fmt.Sprintf("CSV in %s, %s", t.encoding, listColumns(t.columns))
	}
	return fmt.Sprintf("CSV in %s with %s between %s", t.encoding, between, listColumns(t.columns))
}

func open(r io.Reader, opts CSVOptions) (*table, error) {
	raw := bufio.NewReaderSize(r, sampleBytes)
	head, err := peek(raw)
	if err != nil {
		return nil, err
	}
	head = bytes.Clone(head) // reading on overwrites it
	decoder, found, err := decoderOf(opts.Encoding, head)
	if err != nil {
		return nil, err
	}
	decoded := bufio.NewReaderSize(transform.NewReader(raw, decoder), sampleBytes)
	sample, err := peek(decoded)
	if err != nil {
		return nil, err
	}
	if opts.Encoding != "" {
		head = sample
	}
	if err := checkTable(head, string(sample)); err != nil {
		return nil, err
	}
	t := &table{limit: &recordLimit{r: decoded, left: maxRecord}, encoding: found}
	t.csv = newReader(t.limit, opts.Delimiter)
	if opts.Delimiter == 0 {
		t.csv.Comma = detectDelimiter(string(sample), len(sample) == sampleBytes, len(opts.Header))
	}
	t.csv.ReuseRecord = true
	header := opts.Header
	if header == nil {
		header, _, err = t.record()
		if errors.Is(err, io.EOF) {
			return nil, errors.New("the CSV file is empty: it has no header row")
		}
		if err != nil {
			return nil, fmt.Errorf("reading the header of the CSV file: %w", err)
		}
	}
	t.columns = nameColumns(header)
	return t, nil
}

// peek returns the start of a file, shorter than a sample if the file is.
func peek(r *bufio.Reader) ([]byte, error) {
	sample, err := r.Peek(sampleBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading CSV: %w", err)
	}
	return sample, nil
}

// next returns the next row with anything in it, or io.EOF.
func (t *table) next() (Row, error) {
	fields, line, err := t.record()
	if err != nil {
		return Row{}, err
	}
	want := len(t.columns)
	got := len(fields)
	// Many exports end their rows with a delimiter, but not their header.
	for got > want && isBlank(fields[got-1]) {
		got--
	}
	if got != want {
		return Row{}, &RowError{Line: line, Reason: raggedReason(fields, want)}
	}
	row := Row{Line: line, Fields: make(map[string]any, 2*want)}
	for i, column := range t.columns {
		row.Fields[column.Header] = fields[i]
		if column.Ident != "" {
			row.Fields[column.Ident] = fields[i]
		}
	}
	return row, nil
}

// record returns the next record with anything in it and the line it starts on.
func (t *table) record() ([]string, int, error) {
	for {
		t.limit.left = maxRecord
		fields, err := t.csv.Read()
		if err != nil {
			return nil, 0, readError(err)
		}
		for _, field := range fields {
			if !isBlank(field) {
				line, _ := t.csv.FieldPos(0)
				return fields, line, nil
			}
		}
	}
}

// readError keeps what one row is to blame for apart from the end of it all.
func readError(err error) error {
	if errors.Is(err, io.EOF) {
		return io.EOF
	}
	if parse, ok := errors.AsType[*csv.ParseError](err); ok {
		return &RowError{Line: parse.StartLine, Reason: parse.Err.Error()}
	}
	return fmt.Errorf("reading CSV: %w", err)
}

func raggedReason(fields []string, want int) string {
	reason := fmt.Sprintf("has %d fields, the header has %d", len(fields), want)
	if len(fields) == 1 {
		reason = fmt.Sprintf("has 1 field, the header has %d", want)
	}
	lines := 0
	for _, field := range fields {
		lines += strings.Count(field, "\n")
	}
	if lines > 0 {
		reason += fmt.Sprintf(" (it goes on for %d more lines: is a quotation mark left open?)", lines)
	}
	return reason
}

// recordLimit fails when more than left bytes are read for one record.
type recordLimit struct {
	r    io.Reader
	left int
}

func (l *recordLimit) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, fmt.Errorf("a row has more than %d MiB: is a quotation mark left open?", maxRecord>>20)
	}
	n, err := l.r.Read(p)
	l.left -= n
	return n, err
}
