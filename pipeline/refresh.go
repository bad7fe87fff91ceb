package pipeline

import (
	"fmt"
	"slices"
	"time"

	"pipe/specs"
)

// Refresh is the rule by which done items are due again; the zero value is
// never. Whoever needs to know asks Due, and nothing else decides it.
type Refresh struct {
	// Changed: the row has other values than the item was done with, in the
	// columns of Of; in any when there are none.
	Changed bool
	Of      []string
	// After: the item was done longer ago; 0 for any time.
	After time.Duration
	// Always: in every run, but for what a run has done that is not finished.
	Always bool
}

// RefreshOf gives a spec's rule.
func RefreshOf(spec *specs.Spec) Refresh {
	r := spec.Refresh
	if r == nil {
		return Refresh{}
	}
	return Refresh{Changed: r.On == "changed", Of: r.Of, After: r.After.Std(), Always: r.On == "always"}
}

// DoneItem is what the rule looks at.
type DoneItem struct {
	// Fields are those of the row that it was done with.
	Fields   map[string]any
	Finished time.Time
	// Round is when the newest run ended that came to the end of all items; zero
	// when there is none.
	Round time.Time
}

// Due tells whether a done item is to be done again, its row being such now.
func (r Refresh) Due(was DoneItem, fields map[string]any, now time.Time) bool {
	switch {
	case r.Always && !was.Finished.After(was.Round):
		return true
	case r.After > 0 && now.Sub(was.Finished) >= r.After:
		return true
	case !r.Changed:
		return false
	}
	names := r.Of
	if len(names) == 0 {
		for name := range fields {
			names = append(names, name)
		}
		for name := range was.Fields {
			names = append(names, name)
		}
	}
	// To have no value and to have an empty one is the same.
	return slices.ContainsFunc(names, func(name string) bool { return fieldText(was.Fields[name]) != fieldText(fields[name]) })
}

func fieldText(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// Version is an older file of an item, kept under a name of its own.
type Version struct {
	// File has the name that the version has now.
	File File
	// Of is the name that it had, Fetched when its item was done.
	Of      string
	Fetched time.Time
}
