package file

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"

	"pipe/pipeline"
	"pipe/specs"
)

const (
	// maxPage bounds a page, which takes many times its size in memory.
	maxPage = 64 << 20
	// maxSpan and maxGridCells bound what a few bytes of a page can make.
	maxSpan      = 1000
	maxGridCells = 20_000_000
)

// pageBook are the tables of a web page, as sites send under the name of a
// workbook.
type pageBook struct {
	title  string
	tables []pageTable
	cells  int
}

type pageTable struct {
	name string
	rows []record
	// filled is how many cells have something in them.
	filled int
}

var (
	tableStart = regexp.MustCompile(`(?i)<table[\s>]`)
	tableEnd   = regexp.MustCompile(`(?i)</table[\s>]`)
)

// openHTML reads the tables of a page.
func openHTML(text []byte) (workbook, error) {
	b := &pageBook{}
	if err := b.read(text, ""); err != nil {
		return nil, err
	}
	return b.usable(text)
}

// read adds the tables of a page, whose type the server or the archive told.
func (b *pageBook) read(text []byte, contentType string) error {
	if len(text) > maxPage {
		return fmt.Errorf("the file is an HTML page of more than %d MiB: have the site export CSV", maxPage>>20)
	}
	var decoded io.Reader
	if little, big := wide(text); little || big {
		decoder, _, err := decoderOf("", text[:min(len(text), sampleBytes)])
		if err != nil {
			return err
		}
		plain, err := decodeAll(decoder, text)
		if err != nil {
			return fmt.Errorf("reading the HTML page: %w", err)
		}
		decoded = strings.NewReader(plain)
	} else {
		r, err := charset.NewReader(bytes.NewReader(text), contentType)
		if err != nil {
			return fmt.Errorf("reading the HTML page: %w", err)
		}
		decoded = r
	}
	plain, err := io.ReadAll(decoded)
	if err != nil {
		return fmt.Errorf("reading the HTML page: %w", err)
	}
	// A parser closes what is left open, and so hides that rows are missing.
	if len(tableStart.FindAllIndex(plain, -1)) > len(tableEnd.FindAllIndex(plain, -1)) {
		return errors.New("the file is an HTML page that is cut off: a table in it is not closed; is the file whole?")
	}
	page, err := html.Parse(bytes.NewReader(plain))
	if err != nil {
		return fmt.Errorf("reading the HTML page: %w", err)
	}
	for node := range page.Descendants() {
		if node.Type == html.ElementNode && node.Data == "table" {
			t, err := b.table(node)
			if err != nil {
				return err
			}
			if t.filled > 0 {
				t.name = cmp.Or(t.name, fmt.Sprintf("table %d", len(b.tables)+1))
				b.tables = append(b.tables, t)
			}
		}
	}
	return nil
}

// usable says why a page is no export.
func (b *pageBook) usable(text []byte) (workbook, error) {
	page := "an HTML page"
	if b.title = pipeline.HTMLTitle(text); b.title != "" {
		page = fmt.Sprintf("an HTML page titled %.80q", b.title)
	}
	switch {
	case pipeline.AsksForPassword(text):
		return nil, fmt.Errorf("the file is %s that asks for a password, not a table: is the site logged in?", page)
	case len(b.tables) == 0 && bytes.Contains(bytes.ToLower(text), []byte("<frameset")):
		return nil, fmt.Errorf("the file is %s whose sheets are in other files: have the site export .xlsx or CSV", page)
	case len(b.tables) == 0:
		return nil, fmt.Errorf("the file is %s, without a table: is the site logged in, is the address right?", page)
	}
	slices.SortStableFunc(b.tables, func(x, y pageTable) int { return cmp.Compare(y.filled, x.filled) })
	taken := map[string]bool{}
	for i := range b.tables {
		b.tables[i].name = specs.UniqueName(b.tables[i].name, taken)
	}
	return b, nil
}

func (b *pageBook) kind() string { return "an HTML page" }
func (b *pageBook) part() string { return "table" }

func (b *pageBook) sheets() []string {
	names := make([]string, len(b.tables))
	for i, t := range b.tables {
		names[i] = t.name
	}
	return names
}

func (b *pageBook) open(name string) (records, func(), error) {
	for _, t := range b.tables {
		if t.name == name {
			return &grid{rows: slices.Clone(t.rows)}, func() {}, nil
		}
	}
	return nil, nil, fmt.Errorf("the page has no table %q", name)
}

// table reads the rows of a table, but not of those inside it.
func (b *pageBook) table(node *html.Node) (pageTable, error) {
	t := pageTable{name: attributeOf(node, "id")}
	var below spans
	var rows, foot []*html.Node
	walkTable(node, func(n *html.Node) {
		switch {
		case n.Data == "caption":
			t.name = cmp.Or(cellText(n), t.name)
		case n.Data == "tr" && n.Parent.Data == "tfoot":
			foot = append(foot, n)
		case n.Data == "tr":
			rows = append(rows, n)
		}
	})
	for i, tr := range append(rows, foot...) {
		fields := below.next()
		rec := record{line: i + 1}
		for cell := range tr.ChildNodes() {
			if cell.Data != "td" && cell.Data != "th" {
				continue
			}
			value, lost := cellValue(cell)
			if lost {
				rec.bad = lostDigits(fmt.Sprintf("column %d", len(fields)+1), attributeOf(cell, "x:num"))
			}
			fields = below.add(fields, value, span(cell, "colspan"), span(cell, "rowspan"))
			if b.cells += span(cell, "colspan"); b.cells > maxGridCells {
				return t, errors.New("the HTML page has a table with too many cells")
			}
		}
		fields = below.rest(fields)
		rec.fields = fields
		if i >= len(rows) {
			rec.doubt = "is in the foot of the table and no item: leave it out by source.where if it is none"
		}
		for _, field := range fields {
			if !isBlank(field) {
				t.filled++
			}
		}
		t.rows = append(t.rows, rec)
	}
	return t, nil
}

// walkTable visits the elements of a table, but not those of its cells.
func walkTable(node *html.Node, visit func(*html.Node)) {
	for child := range node.ChildNodes() {
		if child.Type != html.ElementNode {
			continue
		}
		visit(child)
		if child.Data == "tbody" || child.Data == "thead" || child.Data == "tfoot" {
			walkTable(child, visit)
		}
	}
}

// cellText is the text of a cell as a person sees it.
func cellText(cell *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data)
		case n.Type != html.ElementNode, n.Data == "table", n.Data == "script", n.Data == "style":
			return
		case n.Data == "br", n.Data == "p", n.Data == "div", n.Data == "li":
			b.WriteByte(' ')
		}
		for child := range n.ChildNodes() {
			walk(child)
		}
	}
	for child := range cell.ChildNodes() {
		walk(child)
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// cellValue is the text of a cell, or the number itself where it is shown without
// all its digits and has them in an attribute; lost is true where that has not all
// of them either.
func cellValue(cell *html.Node) (text string, lost bool) {
	text = cellText(cell)
	digits, lost := longDigits(attributeOf(cell, "x:num"))
	if strings.Contains(text, "E+") {
		text = cmp.Or(digits, text)
	}
	return text, lost
}

func attributeOf(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if strings.EqualFold(a.Key, name) {
			return a.Val
		}
	}
	return ""
}

func span(cell *html.Node, name string) int {
	n, err := strconv.Atoi(strings.TrimSpace(attributeOf(cell, name)))
	if err != nil || n < 1 {
		return 1
	}
	return min(n, maxSpan)
}
