package source

import (
	"encoding/binary"
	"encoding/json"
	"hash/maphash"
	"strings"

	"pipe/pipeline"
)

// sameKeys finds rows that share their key with another row and are not the same:
// two items with one key would be one, and one of them lost. It keeps 16 bytes for a
// row, not its text.
type sameKeys struct {
	// columns are those that the spec uses; what differs in others makes no
	// difference to an item.
	columns []string
	seed    maphash.Seed
	// seen are the first rows of all keys, in parts by the keys' hashes. A map would
	// take twice the memory, and three times that while it grows.
	seen [seenParts][]seenRow
	text []byte
}

// seenParts is how many parts there are.
const seenParts = 1 << 14

// seenRow is the first row of a key: the key's hash, half a hash of the row's values, and
// its line, or, where rows have none, its number.
type seenRow struct {
	key           uint64
	values, place uint32
}

// first gives the first row of a key; what is given is noted for it when there is none.
func (s *sameKeys) first(row seenRow) (first seenRow, there bool) {
	part := &s.seen[row.key%seenParts]
	for _, one := range *part {
		if one.key == row.key {
			return one, true
		}
	}
	if len(*part) == cap(*part) {
		*part = append(make([]seenRow, 0, len(*part)+8+len(*part)/8), *part...)
	}
	*part = append(*part, row)
	return row, false
}

func newSameKeys(columns []string) *sameKeys {
	return &sameKeys{columns: columns, seed: maphash.MakeSeed()}
}

// check tells what is wrong with a row of this key, nil when nothing is.
func (s *sameKeys) check(key string, row pipeline.Row) *pipeline.RowError {
	if len(s.columns) == 0 {
		return nil
	}
	s.text = s.text[:0]
	for _, name := range s.columns {
		value, is := row.Fields[name].(string)
		if !is {
			text, err := json.Marshal(row.Fields[name])
			if err != nil {
				return row.Errorf("its values: %v", err)
			}
			value = "\x00" + string(text) // other than the text of the same letters
		}
		s.text = append(binary.AppendUvarint(s.text, uint64(len(value))), value...)
	}
	place := row.Line
	if place == 0 {
		place = row.Number
	}
	now := seenRow{key: maphash.String(s.seed, key), values: uint32(maphash.Bytes(s.seed, s.text)), place: uint32(place)} //nolint:gosec // half of it is enough
	first, there := s.first(now)
	switch {
	case !there, first.values == now.values:
		return nil
	default:
		earlier := pipeline.RowError{Number: int(first.place)}
		if row.Line > 0 {
			earlier = pipeline.RowError{Line: int(first.place)}
		}
		return row.Errorf("its key %q is that of %s too, which has another %s: let `key` tell them apart, or say by source.dedupe that they are one",
			key, earlier.Where(), strings.Join(s.columns, " or "))
	}
}
