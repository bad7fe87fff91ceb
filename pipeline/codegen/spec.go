package codegen

import (
	"slices"
	"strings"

	"pipe/specs"
)

// spec writes the text.
func (w *writer) spec(p parts) string {
	lines := []string{
		"# yaml-language-server: $schema=pipe.schema.json",
		"#",
		"# Made of a recording of the site. Look it over, and then:",
		"#   pipe validate, pipe try with one item, pipe run",
		"name: " + w.name,
		"base_url: " + oneLine(scalar(w.base)),
		"key: ${{ " + itemOf(w.key) + " }}    # what identifies an item: resuming, duplicates",
		"",
		"pool:    # more of both, once a first run went well",
		"  contexts: 1",
		"  pages: 1",
	}
	lines = append(lines, w.loginSection(p)...)
	lines = append(lines, w.sourceSection(&p)...)
	lines = append(lines, w.itemSections(p)...)
	lines = append(lines, w.recordSection()...)
	return strings.Join(lines, "\n") + "\n"
}

// sourceSection writes where the items come from.
func (w *writer) sourceSection(p *parts) []string {
	lines := []string{"", "source:"}
	switch w.source {
	case fromList:
		return append(lines, "  "+listKind(w.options.List.Path)+": "+oneLine(scalar(literal(w.options.List.Path))))
	case fromExport:
		return append(lines, w.exportSource(*p)...)
	case fromTable:
		return append(lines, w.tableSource(p)...)
	}
	lines = append(lines, "  # One line for each item; or a file with a column of that name instead: csv: items.csv", "  items:")
	keys := w.rec.Keys
	if len(keys) == 0 {
		keys = []string{"the first item's key"}
		w.lack("which item it was, nobody has said, and no list was seen: record it with --item KEY, or from the list")
	}
	for i, key := range keys {
		pairs := []any{w.key, scalar(literal(key))}
		for _, d := range w.differing {
			if w.source == fromItems && i < 2 {
				pairs = append(pairs, d.name, scalar(literal([]string{d.first, d.second}[i])))
			}
		}
		lines = append(lines, "    - "+oneLine(flow(pairs...)))
	}
	return lines
}

// listKind is the field of source for a file of a list.
func listKind(path string) string {
	path = strings.ToLower(path)
	for _, kind := range []string{"xlsx", "jsonl", "json"} {
		if strings.HasSuffix(path, "."+kind) {
			return kind
		}
	}
	if strings.HasSuffix(path, ".xls") || strings.HasSuffix(path, ".ods") {
		return "xlsx"
	}
	return "csv"
}

func (w *writer) exportSource(p parts) []string {
	export := p.export
	if export[0].Verb != "goto" {
		address := export[0].Address
		if address == "" {
			address = p.landing
		}
		if address == "" {
			address = p.home
		}
		export = append([]Action{{Verb: "goto", Value: address}}, export...)
	}
	steps := w.steps(export, place{optional: true})
	if strings.HasPrefix(export[len(export)-1].Effect.File.Address, "blob:") {
		last := len(steps) - 1
		for last > 0 && !strings.HasPrefix(steps[last], "- ") {
			last--
		}
		steps = slices.Insert(steps, last, "# A script makes the list of what the page has by then.", "- wait: {state: networkidle}", "  optional: true", "  timeout: 10s")
	}
	lines := append([]string{"  export:    # the list comes from the site itself", "    steps:"}, indent(6, steps)...)
	format := listFormat(export[len(export)-1].Effect.File)
	if format == "" {
		format = "csv"
	}
	return append(lines, "    format: "+format)
}

// tableSource writes a list of the site, whose rows are read. Where it has several pages, an
// item that is a link in its row is opened by the link's address, on whichever page it is.
func (w *writer) tableSource(p *parts) []string {
	list := w.listOf(*p)
	lines := []string{"  table:", "    goto: " + oneLine(scalar(w.relative(list.Address))), "    rows: " + oneLine(target([]specs.LocatorText{list.Rows})) +
		"    # each is an item; its fields are looked for within it", "    fields:"}
	for _, c := range list.Columns {
		lines = append(lines, "      "+columnName(c.Name)+": {text_of: "+quoted(literal(c.Selector))+"}")
	}
	if list.LeftOut > 0 {
		w.note("%s of the list's table, which have fewer cells or sum up, are no items by source.table.rows: see that none of them is one", counted(list.LeftOut, "row"))
	}
	if !list.goesOn() {
		if list.AllRows > list.Count {
			w.lack("the page says that the list has %d rows, of which it shows %d, and nothing was seen that turns to the others: see source.table.paginate", list.AllRows, list.Count)
		}
		return lines
	}
	if selector := w.linkOf(list, p); selector != "" {
		lines = append(lines, "      link: {attribute_of: {selector: "+quoted(selector)+", attribute: href}}")
	} else if !w.byAddress(list, p) && slices.ContainsFunc(p.item, func(a Action) bool { return a.List == list && a.Verb != "goto" }) {
		w.lack("the list has more than is shown at first, and no address of an item was seen: the steps of navigate find those of the page alone on which they begin, and a run fails with the others, until a search or an address leads to them")
	}
	lines = append(lines, paging(list))
	if list.Total != nil {
		lines = append(lines, "    total: "+oneLine(target([]specs.LocatorText{*list.Total}))+"    # as many rows must be read")
	}
	return lines
}

// paging writes how a list goes on.
func paging(list *List) string {
	for _, way := range []struct {
		name string
		by   *specs.LocatorText
	}{{"next", list.Next}, {"numbers", list.Numbers}, {"more", list.More}, {"scroll", list.Scroller}} {
		if way.by != nil {
			return "    paginate: {" + way.name + ": " + oneLine(target([]specs.LocatorText{*way.by})) + "}"
		}
	}
	return "    paginate: {scroll: true}    # more may come while it is scrolled"
}

// linkOf finds the link that opens an item in its row, and has the item opened by its address.
func (w *writer) linkOf(list *List, p *parts) string {
	for i, a := range p.item {
		if a.List != list || a.Verb != "click" || a.Element == nil || a.Element.Tag != "a" {
			continue
		}
		href := a.Element.Attributes["href"]
		if href == "" || strings.HasPrefix(href, "#") || strings.HasPrefix(strings.ToLower(href), "javascript:") {
			return ""
		}
		selector := linkIn(list, a)
		if selector == "" || a.Effect.Tab > 0 && !brings(a) || brings(a) && !strings.HasSuffix(a.Effect.File.Address, href) {
			continue
		}
		p.item = slices.Clone(p.item)
		p.item[i] = Action{Verb: "goto", Value: linkAddress, Address: a.Address, Effect: Effect{File: a.Effect.File}}
		return selector
	}
	return ""
}

// linkIn finds a link within the rows of a list.
func linkIn(list *List, a Action) string {
	for _, c := range list.Columns {
		switch {
		case c.Selector == "":
		case a.Element.Column != "" && c.Name == a.Element.Column:
			return c.Selector + " a"
		case a.Element.Column == "" && a.Element.Text != "" && list.Values[c.Name] == a.Element.Text:
			return c.Selector
		}
	}
	return ""
}

// linkAddress stands for the address of the item's link.
const linkAddress = "\x00link"

// itemSections writes navigate and download.
func (w *writer) itemSections(p parts) []string {
	first := slices.IndexFunc(p.item, brings)
	several := 0
	for _, a := range p.item {
		if brings(a) {
			several += 1 + len(a.Effect.More)
		}
	}
	w.files = several
	if first >= 0 {
		for tab := p.item[first].Tab; tab > 0 && first > 0 && p.item[first].Effect.Tab != tab; {
			first--
		}
	} else {
		first = len(p.item)
	}
	lines := []string{"", "navigate:", "  home: " + oneLine(scalar(w.relative(p.home))) + "    # where every item starts"}
	if steps := w.steps(p.item[:first], place{optional: true, item: true}); len(steps) > 0 {
		lines = append(append(lines, "  steps:"), indent(4, steps)...)
	}
	if first == len(p.item) {
		return lines
	}
	lines = append(lines, "", "download:")
	return append(lines, indent(2, w.steps(p.item[first:], place{optional: true, files: true, names: several > 1, item: true}))...)
}

// maxFields is how many of a list's columns are written down of each item.
const maxFields = 12

// recordSection writes down the row's columns.
func (w *writer) recordSection() []string {
	if w.source == fromItems || len(w.columns) == 0 {
		return nil
	}
	lines := []string{"", "record:    # what is written down of each item", "  fields:"}
	for _, name := range w.columns[:min(maxFields, len(w.columns))] {
		lines = append(lines, "    "+oneLine(scalar(name))+": "+"${{ "+itemOf(name)+" }}")
	}
	return append(lines, "  to: "+w.name+".csv")
}

// itemOf is the expression of an item's column.
func itemOf(name string) string {
	if specs.SnakeCase(name) == name && name != "" {
		return "item." + name
	}
	return "item[" + jsonText(name) + "]"
}
