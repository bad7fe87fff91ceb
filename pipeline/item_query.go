package pipeline

import "time"

// ItemSort is what found items are sorted by; ties are in the source's order.
type ItemSort string

// What found items may be sorted by.
const (
	SortBySource   ItemSort = ""
	SortByKey      ItemSort = "key"
	SortByStatus   ItemSort = "status"
	SortByCause    ItemSort = "cause"
	SortByAttempts ItemSort = "attempts"
	SortByFinished ItemSort = "finished"
)

// ItemQuery says which of the items that the totals count to find; what is zero
// restricts nothing.
type ItemQuery struct {
	// Search is looked for in keys, reasons, steps and the source's fields, whatever the
	// case of its ASCII letters.
	Search string
	Status Status
	// Cause restricts them to those that ended in it, unless nil.
	Cause *Cause
	Sort  ItemSort
	// Descending turns the sort around.
	Descending bool
	// Offset leaves out the first ones found, Limit bounds those that are given.
	Offset, Limit int
}

// Cause is what failures have in common.
type Cause struct {
	Class Class
	// Step is as in [ItemRow], without the place in the spec: that moves when lines before
	// it are written.
	Step string
}

// ItemPage is a part of the items that were found.
type ItemPage struct {
	// Total is how many there are in all.
	Total int
	Items []ItemRow
}

// ItemDetail is all that an item's row has, and what its newest attempt adds.
type ItemDetail struct {
	ItemRow
	// Run is that of its newest attempt, 0 when it has had none, and Took how long that
	// attempt took, 0 while it goes on. Revision is that of the spec in the run.
	Run      int64
	Took     time.Duration
	Revision string
	// Due is true for a done item that is to be done again, Gone for one that has left
	// the source.
	Due, Gone bool
	// Fields are the source's, as JSON with its names in order.
	Fields string
	// Record and Files are there when it is Done: Files are the names below files/.
	Record []Field
	Files  []string
}
