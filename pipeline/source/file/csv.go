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
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/transform"

	"pipe/pipeline"
	"pipe/specs"
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
	// Header names the columns of a file that has no header row; nil means that
	// it has one.
	Header []string
	// HeaderLine is the header's line; 0 means to find it: the first with the
	// columns that are wanted, else the first that the lines below it fit.
	HeaderLine int
	// Wanted are the columns that there must be.
	Wanted []string
	// Encoding is a name as the web has them; "" means to find out.
	Encoding string
	// Found is told, once, what the file turned out to be; nil for nobody.
	Found func(what string, columns []string)
}

// CSV reads the rows of a CSV file, once. It takes UTF-8, UTF-16 and
// Windows-1252, with a byte order mark and without, and any line ends; quoted
// fields may hold line ends, and stray quotation marks are taken as they are. A
// line that names the delimiter (sep=;), lines above the header and empty lines
// are skipped.
//
// A row that does not fit the header gives a *[RowError] and the rows go on;
// any other error ends them. The caller closes r.
func CSV(ctx context.Context, r io.Reader, opts CSVOptions) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		t, what, err := openCSV(r, opts)
		if err != nil {
			yield(Row{}, err)
			return
		}
		if opts.Found != nil {
			opts.Found(what, specs.ColumnNames(t.columns))
		}
		t.each(ctx, yield)
	}
}

// Headers returns the columns of a CSV file without reading its rows, and none
// where the file alone does not tell which of its lines is the header, or is
// another kind of table. The caller closes r.
func Headers(r io.Reader, opts CSVOptions) ([]specs.TableColumn, error) {
	raw := bufio.NewReaderSize(r, sampleBytes)
	head, err := peek(raw)
	if err != nil {
		return nil, err
	}
	if read, is := bookReaders[contentOf(head)]; is {
		text, err := readWhole(raw)
		if err == nil {
			_, err = read(text)
		}
		return nil, err
	}
	t, _, err := openCSV(raw, opts)
	if errors.As(err, new(*unclearHeaderError)) {
		return nil, nil
	}
	if err != nil || !t.header.sure {
		return nil, err
	}
	return t.columns, nil
}

// openCSV reads a CSV file's header, and tells what the file is.
func openCSV(r io.Reader, opts CSVOptions) (*table, string, error) {
	lines, err := newCSVRecords(r, opts)
	if err != nil {
		return nil, "", err
	}
	t, err := newTable(lines, headerOptions{at: opts.HeaderLine, names: opts.Header, wanted: opts.Wanted, what: "the CSV file", unit: "line"})
	if err != nil {
		return nil, "", err
	}
	between := map[rune]string{',': "commas", ';': "semicolons", '\t': "tabs", '|': "bars"}[lines.csv.Comma]
	if between == "" {
		between = fmt.Sprintf("%q", lines.csv.Comma)
	}
	what := fmt.Sprintf("CSV in %s with %s between %s", lines.encoding, between, listColumns(t.columns))
	if len(t.columns) == 1 {
		what = fmt.Sprintf("CSV in %s, %s", lines.encoding, listColumns(t.columns))
	}
	return t, what + t.header.describe("line"), nil
}

// csvRecords are the lines of a CSV file.
type csvRecords struct {
	csv   *csv.Reader
	limit *recordLimit
	// encoding is the one that was found, for people, and skipped are lines that
	// came before the first record.
	encoding string
	skipped  int
}

func newCSVRecords(r io.Reader, opts CSVOptions) (*csvRecords, error) {
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
	text := transform.NewReader(raw, transform.Chain(decoder, &lineEnds{}))
	decoded := bufio.NewReaderSize(text, sampleBytes)
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
	c := &csvRecords{encoding: found}
	comma, length := delimiterLine(sample)
	if length > 0 {
		if _, err := decoded.Discard(length); err != nil {
			return nil, fmt.Errorf("reading CSV: %w", err)
		}
		c.skipped, sample = 1, sample[length:]
	}
	if opts.Delimiter != 0 {
		comma = opts.Delimiter
	}
	if comma == 0 {
		comma = detectDelimiter(string(sample), len(sample) == sampleBytes, len(opts.Header), opts.Wanted)
	}
	c.limit = &recordLimit{r: decoded, left: maxRecord, keeps: true}
	c.csv = newReader(c.limit, comma)
	return c, nil
}

// peek returns the start of a file, shorter than a sample if the file is.
func peek(r *bufio.Reader) ([]byte, error) {
	sample, err := r.Peek(sampleBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("reading CSV: %w", err)
	}
	return sample, nil
}

// next returns the next record with anything in it.
func (c *csvRecords) next() (record, error) {
	for {
		c.limit.left = maxRecord
		c.limit.keepFrom(c.csv.InputOffset())
		fields, err := c.csv.Read()
		if parse, ok := errors.AsType[*csv.ParseError](err); ok {
			return record{line: c.skipped + parse.StartLine, bad: parse.Err.Error(), comma: c.csv.Comma}, nil
		}
		if errors.Is(err, io.EOF) {
			return record{}, io.EOF
		}
		if err != nil {
			return record{}, fmt.Errorf("reading CSV: %w", err)
		}
		if !slices.ContainsFunc(fields, func(field string) bool { return !isBlank(field) }) {
			continue
		}
		line, _ := c.csv.FieldPos(0)
		rec := record{line: c.skipped + line, fields: fields, comma: c.csv.Comma, cut: c.limit.ended}
		switch {
		case slices.ContainsFunc(fields, func(field string) bool { return strings.ContainsRune(field, 0) }):
			rec.bad = "has zero bytes in it: is the file whole?"
		case rec.cut && openQuote(c.limit.kept, c.csv.Comma):
			rec.bad = "has a quotation mark that is not closed: the rest of the file is within it; is the file whole?"
		}
		return rec, nil
	}
}

// openQuote tells whether the last field of a record is quoted and goes on.
func openQuote(text []byte, comma rune) bool {
	quoted, start := false, true
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		text = text[size:]
		switch {
		case !quoted:
			quoted = r == '"' && start
			start = r == comma || r == '\n'
		case r != '"':
		case len(text) > 0 && text[0] == '"':
			text = text[1:]
		default:
			after, _ := utf8.DecodeRune(text)
			quoted = len(text) > 0 && after != comma && after != '\n' && after != '\r'
		}
	}
	return quoted
}

// recordLimit fails when more than left bytes are read for one record.
type recordLimit struct {
	r    io.Reader
	left int
	// kept is what was read from the offset from on, if it keeps that.
	keeps bool
	kept  []byte
	from  int64
	ended bool
}

func (l *recordLimit) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, fmt.Errorf("a row has more than %d MiB: is a quotation mark left open?", maxRecord>>20)
	}
	n, err := l.r.Read(p)
	l.left -= n
	if l.keeps {
		l.kept = append(l.kept, p[:n]...)
	}
	l.ended = errors.Is(err, io.EOF)
	return n, err
}

// keepFrom forgets what comes before an offset.
func (l *recordLimit) keepFrom(offset int64) {
	passed := copy(l.kept, l.kept[offset-l.from:])
	l.kept, l.from = l.kept[:passed], offset
}
