package source

import (
	"iter"

	"pipe/pipeline"
)

// A source's first rows are looked at before any item is begun, as many as these
// bounds hold: what is wrong with the list as a whole comes to light then. Lists
// are seldom longer; of one that is, the rest is looked at as it is read.
const (
	aheadRows  = 5_000
	aheadBytes = 32 << 20
)

// found is what a source gave for a row: it, or what is wrong with it.
type found struct {
	row pipeline.Row
	bad *pipeline.RowError
	// keyless is true for a row that was wanted and is no item.
	keyless bool
	item    pipeline.Item
}

// size is roughly what the row takes in memory.
func (f found) size() int {
	n := 64
	for _, v := range f.row.Fields {
		if text, is := v.(string); is {
			n += len(text)
		}
	}
	return n
}

// lookAhead reads the first rows before it passes any on, and has them looked
// at; whole is true when there are no others. An error ends the rows after those
// that are bad, and none that is good is passed on.
func lookAhead(rows iter.Seq2[found, error], looked func(first []found, whole bool) error) iter.Seq2[found, error] {
	return func(yield func(found, error) bool) {
		next, stop := iter.Pull2(rows)
		defer stop()
		var first []found
		whole := false
		for size := 0; len(first) < aheadRows && size < aheadBytes && !whole; {
			one, err, more := next()
			if err != nil {
				refuse(first, err, yield)
				return
			}
			if whole = !more; more {
				first, size = append(first, one), size+one.size()
			}
		}
		if err := looked(first, whole); err != nil {
			refuse(first, err, yield)
			return
		}
		for i, one := range first {
			if first[i] = (found{}); !yield(one, nil) {
				return
			}
		}
		for !whole {
			one, err, more := next()
			if !more || !yield(one, err) || err != nil {
				return
			}
		}
	}
}

// refuse tells of the rows that are bad, and ends.
func refuse(first []found, err error, yield func(found, error) bool) {
	for _, one := range first {
		if one.bad != nil && !yield(one, nil) {
			return
		}
	}
	yield(found{}, err)
}
