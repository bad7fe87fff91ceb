package source

import (
	"encoding/json"
	"maps"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/specs/expr"
)

// rowSet gathers rows of which some may be seen several times. Rows of equal values
// are as many as were seen at once.
type rowSet struct {
	list []pipeline.Row
	// key names the item that a row is, "" for a row that is none.
	key  func(pipeline.Row) string
	rows map[string]int
	keys map[string]int
}

func newRowSet(key func(pipeline.Row) string) *rowSet {
	return &rowSet{key: key, rows: map[string]int{}, keys: map[string]int{}}
}

// append takes rows that are others than those before.
func (s *rowSet) append(rows []pipeline.Row) {
	for _, row := range rows {
		s.rows[rowText(row)]++
		s.keys[s.key(row)]++
	}
	s.list = append(s.list, rows...)
}

// merge takes what a view shows, of which some may have been in one before. It tells
// how many items were in none.
func (s *rowSet) merge(rows []pipeline.Row) (fresh int) {
	here, keys := map[string]int{}, map[string]int{}
	for _, row := range rows {
		text, key := rowText(row), s.key(row)
		if here[text]++; here[text] > s.rows[text] {
			s.rows[text]++
			s.list = append(s.list, row)
		}
		if keys[key]++; key != "" && keys[key] > s.keys[key] {
			s.keys[key]++
			fresh++
		}
	}
	return fresh
}

// known tells how many of the rows are items that the set has.
func (s *rowSet) known(rows []pipeline.Row) (known int) {
	for _, row := range rows {
		if key := s.key(row); key != "" && s.keys[key] > 0 {
			known++
		}
	}
	return known
}

// unknown tells how many of the rows are items that the set has not.
func (s *rowSet) unknown(rows []pipeline.Row) (unknown int) {
	for _, row := range rows {
		if key := s.key(row); key != "" && s.keys[key] == 0 {
			unknown++
		}
	}
	return unknown
}

// sameItems tells whether another set has the same items, in any order.
func (s *rowSet) sameItems(other *rowSet) bool {
	items := func(keys map[string]int) map[string]int {
		keys = maps.Clone(keys)
		delete(keys, "")
		return keys
	}
	return maps.Equal(items(s.keys), items(other.keys))
}

// rowText is all that a row says.
func rowText(row pipeline.Row) string {
	text, err := json.Marshal(row.Fields)
	if err != nil {
		return ""
	}
	return string(text)
}

// rowKey gives the key of the item that a row comes to, "" for a row that has none or
// is not wanted.
func rowKey(spec *specs.Spec, row pipeline.Row) string {
	of := func(fields map[string]any) expr.Values { return spec.Values.With("item", fields) }
	made, err := spec.Source.Table.Fields.Make(row.Fields)
	if err != nil {
		return ""
	}
	made = asTexts(made)
	if holds, err := spec.Source.Where.Holds(of(made)); err != nil || !holds {
		return ""
	}
	fields, err := spec.Source.Map.Row(made, of(made))
	if err != nil {
		return ""
	}
	key, err := spec.Key.Text(of(fields))
	if err != nil {
		return ""
	}
	return key
}
