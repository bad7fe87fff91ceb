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
	seen    map[uint64]seenRow
	text    []byte
}

// seenRow is the first row of a key: half a hash of its values, and its line, or, where
// rows have none, its number.
type seenRow struct{ values, place uint32 }

func newSameKeys(columns []string) *sameKeys {
	return &sameKeys{columns: columns, seed: maphash.MakeSeed(), seen: map[uint64]seenRow{}}
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
	hash := maphash.String(s.seed, key)
	now := seenRow{values: uint32(maphash.Bytes(s.seed, s.text)), place: uint32(place)} //nolint:gosec // half of it is enough
	first, there := s.seen[hash]
	switch {
	case !there:
		s.seen[hash] = now
		return nil
	case first.values == now.values:
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
