package file

import (
	"archive/zip"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// odsBook is an OpenDocument spreadsheet.
type odsBook struct {
	content *zip.File
	order   []string
}

// The most rows and columns that a spreadsheet has. A file says of each cell how
// often it is repeated.
const (
	maxSheetRows    = 1 << 20
	maxSheetColumns = 1 << 14
)

func openODS(names map[string]*zip.File) (workbook, error) {
	parts := xlsxParts{names: names}
	locked := false
	b := &odsBook{content: names["content.xml"]}
	err := parts.elements("META-INF/manifest.xml", func(e xml.StartElement) { locked = locked || e.Name.Local == "encryption-data" })
	if locked {
		return nil, errors.New("the spreadsheet is protected by a password: have the site export it without one")
	}
	if err == nil {
		err = parts.elements("content.xml", func(e xml.StartElement) {
			if e.Name.Local == "table" && e.Name.Space == "table" {
				b.order = append(b.order, attribute(e, "name"))
			}
		})
	}
	if err != nil {
		return nil, fmt.Errorf("reading the spreadsheet: %w: is the file whole?", err)
	}
	return b, nil
}

func (b *odsBook) kind() string     { return "a spreadsheet (.ods)" }
func (b *odsBook) part() string     { return "sheet" }
func (b *odsBook) sheets() []string { return b.order }

func (b *odsBook) open(sheet string) (records, func(), error) {
	r, err := b.content.Open()
	if err != nil {
		return nil, nil, fmt.Errorf("reading the spreadsheet: %w", err)
	}
	o := &odsRows{dec: xml.NewDecoder(r)}
	closeRows := func() { _ = r.Close() }
	for {
		token, err := o.dec.RawToken()
		if err != nil {
			closeRows()
			return nil, nil, fmt.Errorf("reading the spreadsheet: %w", err)
		}
		if e, is := token.(xml.StartElement); is && e.Name.Local == "table" && e.Name.Space == "table" && attribute(e, "name") == sheet {
			return o, closeRows, nil
		}
	}
}

// odsRows are the rows of a sheet.
type odsRows struct {
	dec  *xml.Decoder
	line int
	// cells counts those of all rows, as often as they are repeated.
	cells int
	// merged are the cells that reach down to a row, by column.
	merged map[int]mergedCell
	// again is a row that is repeated so often.
	again  record
	repeat int
}

func (o *odsRows) next() (record, error) {
	for o.repeat == 0 {
		token, err := o.dec.RawToken()
		if err != nil {
			return record{}, fmt.Errorf("reading the spreadsheet: %w: is the file whole?", err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if e.Name.Local == "table-row" {
				if err := o.row(repeated(e, "number-rows-repeated", maxSheetRows)); err != nil {
					return record{}, fmt.Errorf("reading the spreadsheet: row %d: %w", o.line+1, err)
				}
			}
		case xml.EndElement:
			if e.Name.Local == "table" {
				return record{}, io.EOF
			}
		}
	}
	o.repeat--
	o.line++
	rec := o.again
	rec.line, rec.fields = o.line, slices.Clone(rec.fields)
	return rec, nil
}

// row reads a row that is there so often. Empty ones are passed at once.
func (o *odsRows) row(times int) error {
	o.again = record{}
	for {
		token, err := o.dec.RawToken()
		if err != nil {
			return err
		}
		switch e := token.(type) {
		case xml.StartElement:
			if e.Name.Local == "table-cell" || e.Name.Local == "covered-table-cell" {
				if err := o.cell(e); err != nil {
					return err
				}
			}
		case xml.EndElement:
			if e.Name.Local != "table-row" {
				continue
			}
			if o.again.width() == 0 && o.again.bad == "" {
				o.line += times
				return nil
			}
			if o.cells += times * len(o.again.fields); o.line+times > maxSheetRows || o.cells > maxGridCells && times > 1 {
				return errors.New("there are more rows than a spreadsheet has")
			}
			o.repeat = times
			return nil
		}
	}
}

func (o *odsRows) cell(e xml.StartElement) error {
	text, err := o.text(e.Name.Local)
	if err != nil {
		return err
	}
	kind := attribute(e, "value-type")
	if text == "" {
		for _, name := range []string{"value", "date-value", "time-value", "boolean-value", "string-value"} {
			text = cmp.Or(text, attribute(e, name))
		}
	}
	if text == "" && kind == "" && attribute(e, "formula") != "" {
		o.again.bad = fmt.Sprintf("has a formula without its value in column %d (%.60s): open the file and save it, or have the site export values", len(o.again.fields)+1, attribute(e, "formula"))
	}
	if kind == "float" {
		digits, lost := longDigits(attribute(e, "value"))
		if lost {
			o.again.bad = lostDigits(fmt.Sprintf("column %d", len(o.again.fields)+1), attribute(e, "value"))
		}
		if strings.Contains(text, "E+") {
			text = cmp.Or(digits, text)
		}
	}
	times := repeated(e, "number-columns-repeated", maxSheetColumns)
	if text == "" && len(o.again.fields)+times >= maxSheetColumns {
		return nil // the rest of the row
	}
	if rows := repeated(e, "number-rows-spanned", maxSheetRows); rows > 1 {
		if o.merged == nil {
			o.merged = map[int]mergedCell{}
		}
		o.merged[len(o.again.fields)] = mergedCell{text, o.line + rows}
	}
	for range times {
		value, column := text, len(o.again.fields)
		if column >= maxSheetColumns {
			return errors.New("there are more columns than a spreadsheet has")
		}
		if from, is := o.merged[column]; is && e.Name.Local == "covered-table-cell" && from.last > o.line {
			value = from.value
		}
		o.again.fields = append(o.again.fields, value)
	}
	return nil
}

// text reads a cell's text, without the comments that it has.
func (o *odsRows) text(element string) (string, error) {
	var b strings.Builder
	inside, comment := 0, 0
	for {
		token, err := o.dec.RawToken()
		if err != nil {
			return "", err
		}
		switch e := token.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "annotation", "frame", "shape":
				comment++
			case "p", "h":
				if inside++; b.Len() > 0 && comment == 0 {
					b.WriteByte('\n')
				}
			case "s":
				b.WriteString(strings.Repeat(" ", repeated(e, "c", 1000)))
			case "tab":
				b.WriteByte('\t')
			case "line-break":
				b.WriteByte('\n')
			}
		case xml.CharData:
			if inside > 0 && comment == 0 {
				b.Write(e)
			}
		case xml.EndElement:
			switch e.Name.Local {
			case element:
				return strings.TrimSpace(b.String()), nil
			case "annotation", "frame", "shape":
				comment--
			case "p", "h":
				inside--
			}
		}
	}
}

func repeated(e xml.StartElement, name string, most int) int {
	n, err := strconv.Atoi(attribute(e, name))
	if err != nil || n < 1 {
		return 1
	}
	return min(n, most)
}
