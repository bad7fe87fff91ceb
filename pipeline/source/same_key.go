package source

import (
	"encoding/json"
	"hash/maphash"
	"strings"

	"pipe/pipeline"
)

// sameKeys finds rows that share their key with another row and are not the same:
// two items with one key would be one, and one of them lost. It keeps two numbers
// for a row, not its text.
type sameKeys struct {
	// columns are those that the spec uses; what differs in others makes no
	// difference to an item.
	columns []string
	seed    maphash.Seed
	seen    map[uint64]seenRow
}

// seenRow is the first row of a key.
type seenRow struct {
	values       uint64
	line, number int
}

func newSameKeys(columns []string) *sameKeys {
	return &sameKeys{columns: columns, seed: maphash.MakeSeed(), seen: map[uint64]seenRow{}}
}

// check tells what is wrong with a row of this key, nil when nothing is.
func (s *sameKeys) check(key string, row pipeline.Row) *pipeline.RowError {
	if len(s.columns) == 0 {
		return nil
	}
	values := make([]any, len(s.columns))
	for i, name := range s.columns {
		values[i] = row.Fields[name]
	}
	text, err := json.Marshal(values)
	if err != nil {
		return row.Errorf("its values: %v", err)
	}
	hash, now := maphash.String(s.seed, key), seenRow{values: maphash.Bytes(s.seed, text), line: row.Line, number: row.Number}
	first, there := s.seen[hash]
	switch {
	case !there:
		s.seen[hash] = now
		return nil
	case first.values == now.values:
		return nil
	default:
		earlier := pipeline.RowError{Line: first.line, Number: first.number}
		return row.Errorf("its key %q is that of %s too, which has another %s: let `key` tell them apart, or say by source.dedupe that they are one",
			key, earlier.Where(), strings.Join(s.columns, " or "))
	}
}
