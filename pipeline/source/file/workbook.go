package file

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"pipe/specs"
)

// XLSXOptions tell what a workbook does not tell itself.
type XLSXOptions struct {
	// Sheet is the sheet's name; "" is the first with the columns that are wanted,
	// else the first with anything in it.
	Sheet string
	// Header is the number of the row with the columns' names; 0 means to find it.
	Header int
	// Wanted are the columns that there must be.
	Wanted []string
	// Found is told, once, what the file turned out to be; nil for nobody.
	Found func(what string, columns []string)
}

// workbook is a file with several tables.
type workbook interface {
	// kind and part say what the file and its tables are, for people.
	kind() string
	part() string
	// sheets are the names of the tables, the first to look at first.
	sheets() []string
	// open gives the rows of one, until close is called.
	open(sheet string) (rows records, closeRows func(), err error)
}

// maxWorkbook bounds a workbook's file, which is held while it is read.
const maxWorkbook = 512 << 20

func readWhole(r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxWorkbook+1))
	if err != nil {
		return nil, fmt.Errorf("reading the workbook: %w", err)
	}
	if len(text) > maxWorkbook {
		return nil, fmt.Errorf("the workbook has more than %d MiB: have the site export it as CSV", maxWorkbook>>20)
	}
	return text, nil
}

// readBook reads the rows of one of a workbook's tables.
func readBook(ctx context.Context, book workbook, opts XLSXOptions) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		sheet, t, closeRows, err := chooseSheet(book, opts)
		if err != nil {
			yield(Row{}, err)
			return
		}
		defer closeRows()
		if opts.Found != nil {
			what := fmt.Sprintf("%s, %s %q with its header in row %d: %s", book.kind(), book.part(), sheet, t.header.line, listColumns(t.columns))
			if t.header.line == 0 {
				what = fmt.Sprintf("%s, %s %q: %s", book.kind(), book.part(), sheet, listColumns(t.columns))
			}
			if all := book.sheets(); opts.Sheet == "" && len(all) > 1 {
				what += fmt.Sprintf("; it is one of %d (%.200s)", len(all), strings.Join(all, ", "))
			}
			opts.Found(what+t.header.describe("row"), specs.ColumnNames(t.columns))
		}
		t.each(ctx, yield)
	}
}

// chooseSheet opens the sheet that is named, or else the first whose header has
// the columns that are wanted, or else the first with anything in it.
func chooseSheet(book workbook, opts XLSXOptions) (sheet string, t *table, closeRows func(), err error) {
	all := book.sheets()
	_, page := book.(*pageBook)
	switch {
	case opts.Sheet != "" && !slices.Contains(all, opts.Sheet):
		return "", nil, nil, fmt.Errorf("the workbook has no sheet %q, it has %s", opts.Sheet, strings.Join(all, ", "))
	case len(all) == 0:
		return "", nil, nil, fmt.Errorf("%s has no %s", book.kind(), book.part())
	case opts.Sheet != "":
		sheet = opts.Sheet
	case len(all) == 1 && !page:
		sheet = all[0]
	default:
		first, unclear := "", ""
		var columns []string
		for _, sheet = range all {
			t, closeRows, err = openSheet(book, sheet, opts)
			switch {
			case errors.As(err, new(*noHeaderError)):
				continue
			case errors.As(err, new(*unclearHeaderError)):
				unclear = cmp.Or(unclear, sheet)
				continue
			case err != nil:
				return "", nil, nil, fmt.Errorf("%s %q: %w", book.part(), sheet, err)
			case hasColumns(t.header.names, opts.Wanted):
				return sheet, t, closeRows, nil
			}
			closeRows()
			columns = append(columns, listColumns(t.columns))
			first = cmp.Or(first, sheet)
		}
		if page && len(opts.Wanted) > 0 && opts.Header == 0 {
			// Pages of all sorts have tables: the menu is no list of items.
			return "", nil, nil, fmt.Errorf("the file is an HTML page that has no table with the columns %s; its tables have %.500s",
				strings.Join(opts.Wanted, ", "), strings.Join(columns, "; "))
		}
		sheet = cmp.Or(first, unclear, all[0])
	}
	t, closeRows, err = openSheet(book, sheet, opts)
	return sheet, t, closeRows, err
}

func openSheet(book workbook, sheet string, opts XLSXOptions) (*table, func(), error) {
	rows, closeRows, err := book.open(sheet)
	if err != nil {
		return nil, nil, err
	}
	t, err := newTable(rows, headerOptions{at: opts.Header, wanted: opts.Wanted, what: "the " + book.part(), unit: "row"})
	if err != nil {
		closeRows()
		return nil, nil, err
	}
	return t, closeRows, nil
}

// grid is a table that is held in memory.
type grid struct {
	rows []record
	read int
}

func (g *grid) next() (record, error) {
	for g.read < len(g.rows) {
		g.read++
		if rec := g.rows[g.read-1]; rec.width() > 0 || rec.bad != "" {
			return rec, nil
		}
	}
	return record{}, io.EOF
}
