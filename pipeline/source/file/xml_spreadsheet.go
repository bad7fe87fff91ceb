package file

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/net/html/charset"
)

// xmlBook is a workbook as Excel 2003 wrote it in XML, and many sites do still.
type xmlBook struct {
	order   []string
	tables  map[string][]record
	formats map[string]string
	show    numberFormats
	cells   int
}

func openXMLSpreadsheet(text []byte) (workbook, error) {
	b := &xmlBook{tables: map[string][]record{}, formats: map[string]string{}}
	// White space before the declaration is no XML, but usual.
	decoder, _, err := decoderOf("", text[:min(len(text), sampleBytes)])
	if err != nil {
		return nil, err
	}
	var from io.Reader = strings.NewReader(strings.TrimLeft(string(text), " \t\r\n"))
	if little, big := wide(text); little || big || strings.HasPrefix(string(text), "\xff\xfe") || strings.HasPrefix(string(text), "\xfe\xff") {
		plain, err := decodeAll(decoder, text)
		if err != nil {
			return nil, fmt.Errorf("reading the workbook: %w", err)
		}
		from = strings.NewReader(plain)
	}
	dec := xml.NewDecoder(from)
	dec.CharsetReader = func(label string, input io.Reader) (io.Reader, error) {
		if strings.HasPrefix(strings.ToLower(label), "utf-16") {
			return input, nil // it is decoded
		}
		return charset.NewReaderLabel(label, input)
	}
	if err := b.read(dec); err != nil {
		return nil, fmt.Errorf("reading the workbook: %w", err)
	}
	return b, nil
}

func (b *xmlBook) kind() string     { return "a workbook (XML of Excel 2003)" }
func (b *xmlBook) part() string     { return "sheet" }
func (b *xmlBook) sheets() []string { return b.order }

func (b *xmlBook) open(sheet string) (records, func(), error) {
	return &grid{rows: b.tables[sheet]}, func() {}, nil
}

func (b *xmlBook) read(dec *xml.Decoder) error {
	style, sheet := "", ""
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: is the file whole?", err)
		}
		e, is := token.(xml.StartElement)
		if !is {
			continue
		}
		switch e.Name.Local {
		case "Style":
			style = attribute(e, "ID")
		case "NumberFormat":
			b.formats[style] = attribute(e, "Format")
		case "Worksheet":
			sheet = attribute(e, "Name")
			b.order = append(b.order, sheet)
		case "Table":
			if b.tables[sheet], err = b.table(dec); err != nil {
				return err
			}
		}
	}
}

// xmlRow is a row of a table.
type xmlRow struct {
	Index int `xml:"Index,attr"`
	Cells []struct {
		Index   int    `xml:"Index,attr"`
		Across  int    `xml:"MergeAcross,attr"`
		Down    int    `xml:"MergeDown,attr"`
		Style   string `xml:"StyleID,attr"`
		Formula string `xml:"Formula,attr"`
		Data    *struct {
			Type string `xml:"Type,attr"`
			Text string `xml:",chardata"`
			XML  string `xml:",innerxml"`
		} `xml:"Data"`
	} `xml:"Cell"`
}

func (b *xmlBook) table(dec *xml.Decoder) (rows []record, err error) {
	var below spans
	line := 0
	for {
		token, err := dec.Token()
		if err != nil {
			return nil, fmt.Errorf("%w: is the file whole?", err)
		}
		if end, is := token.(xml.EndElement); is && end.Name.Local == "Table" {
			return rows, nil
		}
		e, is := token.(xml.StartElement)
		if !is || e.Name.Local != "Row" {
			continue
		}
		var row xmlRow
		if err := dec.DecodeElement(&row, &e); err != nil {
			return nil, fmt.Errorf("row %d: %w", line+1, err)
		}
		for line++; line < row.Index && line < maxSheetRows; line++ {
			below.rest(below.next())
		}
		rec, err := b.record(row, line, &below)
		if err != nil {
			return nil, err
		}
		rows = append(rows, rec)
	}
}

func (b *xmlBook) record(row xmlRow, line int, below *spans) (record, error) {
	rec := record{line: line, fields: below.next()}
	for _, cell := range row.Cells {
		for len(rec.fields) < min(cell.Index, maxSheetColumns)-1 {
			rec.fields = below.add(rec.fields, "", 1, 1)
		}
		value := ""
		switch {
		case cell.Data != nil:
			value = b.value(cell.Data.Type, cell.Data.Text, cell.Data.XML, cell.Style)
			if _, lost := longDigits(cell.Data.Text); lost && cell.Data.Type == "Number" {
				rec.bad = lostDigits(fmt.Sprintf("column %d", len(rec.fields)+1), cell.Data.Text)
			}
		case cell.Formula != "":
			rec.bad = fmt.Sprintf("has a formula without its value in column %d (%.60s): have the site export values", len(rec.fields)+1, cell.Formula)
		}
		across := 1 + max(0, min(cell.Across, maxSpan))
		if b.cells += across; b.cells > maxGridCells {
			return rec, errors.New("the workbook has too many cells")
		}
		rec.fields = below.add(rec.fields, value, across, 1+max(0, min(cell.Down, maxSheetRows)))
	}
	rec.fields = below.rest(rec.fields)
	return rec, nil
}

// value gives a cell as it is shown; a date as YYYY-MM-DD, with its time unless
// that is midnight.
func (b *xmlBook) value(kind, text, inner, style string) string {
	switch kind {
	case "DateTime":
		text, _ = strings.CutSuffix(strings.TrimSuffix(text, ".000"), "T00:00:00")
		return text
	case "Number":
		number, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return text
		}
		if digits, _ := longDigits(text); digits != "" && b.formats[style] == "" {
			return digits
		}
		if shown, err := b.show.show(number, numberFormat{code: xmlFormat(b.formats[style])}); err == nil {
			return shown
		}
	case "Boolean":
		return map[string]string{"1": "TRUE", "0": "FALSE"}[strings.TrimSpace(text)]
	}
	if strings.Contains(inner, "<") {
		return innerText(inner) // as of <B>bold</B> words
	}
	return text
}

// xmlFormats are the formats that have names.
var xmlFormats = map[string]string{"Fixed": "0.00", "Standard": "#,##0.00", "Percent": "0.00%", "Scientific": "0.00E+00"}

func xmlFormat(name string) string {
	if code, is := xmlFormats[name]; is {
		return code
	}
	if strings.ContainsAny(name, "0#?@") || strings.Contains(name, "yy") || strings.Contains(name, "dd") {
		return name
	}
	return "" // General, or a currency that is the reader's own
}

// innerText is the text of a piece of XML.
func innerText(inner string) string {
	var b strings.Builder
	for dec := xml.NewDecoder(strings.NewReader(inner)); ; {
		token, err := dec.RawToken()
		if err != nil {
			return b.String()
		}
		if text, is := token.(xml.CharData); is {
			b.Write(text)
		}
	}
}
