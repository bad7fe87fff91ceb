package codegen

import (
	"encoding/csv"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"pipe/specs"
)

// sourceKind is where the items come from.
type sourceKind int

const (
	fromItems sourceKind = iota
	fromList
	fromExport
	fromTable
)

// maxRows is how many rows of a list are looked at for the item's.
const maxRows = 5000

// guessKey takes a value of the row that was acted on for the item's key: that of the first
// column in which no two rows are alike; else a value of an export's that was typed later;
// else what was typed first.
func (w *writer) guessKey(all []Action) {
	for _, a := range all {
		if a.List == nil || a.List.Values == nil {
			continue
		}
		for _, c := range a.List.Columns {
			if value := strings.TrimSpace(a.List.Values[c.Name]); c.Unique && value != "" {
				w.rec.Keys = []string{value}
				return
			}
		}
	}
	at := lastIndex(all, func(a Action) bool { return brings(a) && isList(a.Effect.File) })
	for _, a := range all[at+1:] {
		if (a.Verb == "fill" || a.Verb == "type" || a.Verb == "select") && !a.Secret && strings.TrimSpace(a.Value) != "" {
			w.rec.Keys = []string{strings.TrimSpace(a.Value)}
			w.note("%q is taken for the key of the item that was recorded: --item says it otherwise", w.rec.Keys[0])
			return
		}
	}
	w.note("the recording does not tell which item it was: give its key by --item")
}

// findKey finds the column that has the key, and makes variables of the item's values.
func (w *writer) findKey(p *parts) {
	var row map[string]string
	switch list := w.listOf(*p); {
	case len(p.export) > 0:
		columns, rows := listRows(p.export[len(p.export)-1].Effect.File)
		if len(columns) == 0 && w.options.List != nil {
			columns, rows = w.options.List.Columns, w.options.List.Rows
		}
		w.source, w.columns = fromExport, columns
		w.key, row = w.findRow(columns, rows)
		if w.key == "" && len(columns) == 0 {
			w.key = w.guessColumn(p.item)
			w.note("the columns of the list are not in the recording, item.%s is a guess: give the file that the site exports by --list", w.key)
		}
	case w.options.List != nil:
		w.source, w.columns = fromList, w.options.List.Columns
		w.key, row = w.findRow(w.options.List.Columns, w.options.List.Rows)
		if w.key == "" {
			w.key = w.guessColumn(p.item)
			w.note("the item that was recorded is not in %s: say by --item which it was; item.%s is a guess", w.options.List.Path, w.key)
		}
	case list != nil:
		w.source = fromTable
		row, w.row = map[string]string{}, list.Values
		for _, c := range list.Columns {
			name := columnName(c.Name)
			row[name] = list.Values[c.Name]
			w.columns = append(w.columns, name)
			if w.key == "" && len(w.rec.Keys) > 0 && strings.TrimSpace(row[name]) == w.rec.Keys[0] {
				w.key = name
			}
			if !c.Unique && w.key != name {
				delete(row, name) // a value of many rows is not the item's own
			}
		}
	}
	if w.key == "" {
		if w.source == fromTable || w.source == fromExport && len(w.columns) > 0 {
			w.note("no column of the site's list has the key: the items stand in the spec")
		}
		w.source, w.columns, row = fromItems, nil, nil
		w.key = w.guessColumn(p.item)
	}
	if len(w.rec.Keys) > 0 {
		w.items.add(w.rec.Keys[0], itemOf(w.key))
	}
	for _, name := range slices.Sorted(maps.Keys(row)) {
		if len(row[name]) > 1 {
			w.items.add(row[name], itemOf(name))
		}
	}
	w.differences(p)
}

// listOf is the list of the page whose row was acted on first.
func (w *writer) listOf(p parts) *List {
	for _, a := range p.item {
		if a.List != nil && a.List.Values != nil && len(a.List.Columns) > 0 {
			return a.List
		}
	}
	return nil
}

// findRow finds the column that has the key, and the other values of its row that no other
// row has.
func (w *writer) findRow(columns []string, rows []map[string]string) (key string, own map[string]string) {
	if len(w.rec.Keys) == 0 {
		return "", nil
	}
	for _, row := range rows {
		for _, c := range columns {
			if strings.TrimSpace(row[c]) != w.rec.Keys[0] {
				continue
			}
			w.row, own = row, map[string]string{}
			for _, other := range columns {
				if len(rows) > 1 && count(rows, other, row[other]) == 1 {
					own[other] = row[other]
				}
			}
			return c, own
		}
	}
	return "", nil
}

func count(rows []map[string]string, column, value string) int {
	n := 0
	for _, row := range rows {
		if row[column] == value {
			n++
		}
	}
	return n
}

// listRows reads the start of a list: of CSV, or a JSON list of objects.
func listRows(f *File) (columns []string, rows []map[string]string) {
	text := strings.TrimPrefix(string(f.Body), "\ufeff")
	if strings.HasPrefix(strings.TrimSpace(text), "[") {
		var objects []map[string]any
		if json.Unmarshal([]byte(text), &objects) != nil {
			return nil, nil
		}
		return objectRows(objects)
	}
	if f.Body == nil || listFormat(f) == "xlsx" || strings.HasPrefix(text, "PK") {
		return nil, nil
	}
	header, _, _ := strings.Cut(text, "\n")
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	for _, sign := range []rune{';', '\t', '|'} {
		if strings.Count(header, string(sign)) > strings.Count(header, string(r.Comma)) {
			r.Comma = sign
		}
	}
	names, err := r.Read()
	if err != nil {
		return nil, nil
	}
	for _, c := range specs.TableColumns(names) {
		name := c.Ident
		if name == "" {
			name = c.Header
		}
		columns = append(columns, name)
	}
	for len(rows) < maxRows {
		fields, err := r.Read()
		if err != nil {
			return columns, rows
		}
		row := map[string]string{}
		for i, name := range columns {
			if i < len(fields) {
				row[name] = strings.TrimSpace(fields[i])
			}
		}
		rows = append(rows, row)
	}
	return columns, rows
}

// objectRows gives objects as rows.
func objectRows(objects []map[string]any) (columns []string, rows []map[string]string) {
	for _, o := range objects {
		row := map[string]string{}
		for name, value := range o {
			if !slices.Contains(columns, name) {
				columns = append(columns, name)
			}
			switch v := value.(type) {
			case string:
				row[name] = v
			case float64:
				row[name] = strconv.FormatFloat(v, 'f', -1, 64)
			}
		}
		rows = append(rows, row)
	}
	slices.Sort(columns)
	return columns, rows
}

// guessColumn names the key's column by the field that the key was typed into.
func (w *writer) guessColumn(item []Action) string {
	for _, a := range item {
		if len(w.rec.Keys) == 0 || a.Value != w.rec.Keys[0] {
			continue
		}
		if name := fieldName(a); name != "" {
			return name
		}
	}
	return "key"
}

// fieldName names a field as a column would be.
func fieldName(a Action) string {
	if a.Element != nil && a.Element.Label != "" {
		return columnName(a.Element.Label)
	}
	for _, l := range a.Locators {
		for _, text := range []string{l.Label, l.Name, l.Placeholder} {
			if name := columnName(text); text != "" && len(name) <= 30 {
				return name
			}
		}
	}
	for _, l := range a.Locators {
		if id, is := strings.CutPrefix(l.Selector, "#"); is && !strings.ContainsAny(id, " >.:[") {
			return columnName(id)
		}
	}
	return ""
}

// columnName gives a header as expressions have it.
func columnName(header string) string {
	return strings.Trim(specs.SnakeCase(header), "_")
}

// difference is a value that differs between the two items that were done.
type difference struct{ name, first, second string }

// differences makes variables of what differs between the two items that were done.
func (w *writer) differences(p *parts) {
	for i, a := range p.item {
		if i >= len(p.second) {
			return
		}
		b := p.second[i]
		if a.Verb != b.Verb || a.Secret || !editsField(a.Verb) || a.Value == b.Value || a.Value == "" || w.items.has(a.Value) {
			continue
		}
		name := fieldName(a)
		if name == "" || name == w.key {
			name = "value_" + strconv.Itoa(i+1)
		}
		w.items.add(a.Value, itemOf(name))
		w.differing = append(w.differing, difference{name, a.Value, b.Value})
		if w.source != fromItems && !slices.Contains(w.columns, name) {
			w.note("%q and %q differ between the two items, but are in no column of the list: item.%s stands for them", a.Value, b.Value, name)
		}
	}
}
