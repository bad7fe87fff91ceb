package evidence

import (
	"sync"

	"pipe/pipeline"
	"pipe/specs"
)

// cause is what failures have in common of which a few are enough.
type cause struct {
	of    pipeline.EvidenceOf
	step  string
	class pipeline.Class
}

func causeOf(f pipeline.Failure) cause { return cause{f.Of, f.Step, f.Class} }

// budget is how much a run may still keep.
type budget struct {
	bounds specs.Evidence

	mu     sync.Mutex
	taken  int
	causes map[cause]int
	// missed are the looks of which nothing came, by their causes.
	missed map[cause]int
	// bytes are those that the run keeps, beside those that others do.
	bytes, beside int64
}

func newBudget(bounds specs.Evidence) *budget {
	return &budget{bounds: bounds, causes: map[cause]int{}, missed: map[cause]int{}}
}

// claim takes one failure out of the budget, before anything is looked at; false where
// there is none left.
func (b *budget) claim(c cause) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.taken >= b.bounds.PerRun || b.causes[c] >= b.bounds.PerCause || b.bytes >= int64(b.bounds.Bytes) {
		return false
	}
	b.taken++
	b.causes[c]++
	return true
}

// giveBack takes a claim back of which nothing came, as of a page that did not answer: another
// failure of the cause may show more. Of a cause it is done as often as failures of it are kept,
// since each look takes time.
func (b *budget) giveBack(c cause) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.missed[c] >= b.bounds.PerCause {
		return
	}
	b.missed[c]++
	b.taken--
	b.causes[c]--
}

// left tells whether anything is left of the budget.
func (b *budget) left() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.taken < b.bounds.PerRun && b.bytes+b.beside < int64(b.bounds.Bytes)
}

// enoughWith tells whether what runs beside this one keep, and what it keeps itself, is
// all that is wanted.
func (b *budget) enoughWith(others []pipeline.Evidence, c cause) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	same := b.causes[c]
	b.beside = 0
	for _, e := range others {
		if (cause{e.Of, e.Step, e.Class}) == c {
			same++
		}
		for _, f := range e.Files {
			b.beside += f.Size
		}
	}
	// The failure in question is among its own.
	return b.taken+len(others) > b.bounds.PerRun || same > b.bounds.PerCause || b.bytes+b.beside >= int64(b.bounds.Bytes)
}

// unfit gives back the room of files that could not be written.
func (b *budget) unfit(files []file) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range files {
		b.bytes -= int64(len(f.data))
	}
}

// fit takes files out of the budget, in their order and as many as there is room for.
func (b *budget) fit(files []file) (kept []file) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range files {
		if size := int64(len(f.data)); b.bytes+b.beside+size <= int64(b.bounds.Bytes) {
			b.bytes += size
			kept = append(kept, f)
		}
	}
	return kept
}
