package codegen

import (
	"pipe/specs"
	"pipe/steps"
)

// Recording is what a person did on a site, in order, as a recorder has seen it or a file
// tells it. What a file does not tell is left empty: a spec is written all the same, and
// says what it lacks.
type Recording struct {
	// Start is the address that it began at.
	Start   string
	Actions []Action
	// Keys identify the items that were done, in the order in which they were; empty where
	// nobody has said them.
	Keys []string
	// LoggedIn is what only a page of somebody logged in shows, as a link to log out; nil where
	// nobody has looked.
	LoggedIn *specs.LocatorText
	// NoFiles is true where the recording could not tell which actions brought files.
	NoFiles bool
}

// Action is one thing that was done.
type Action struct {
	// Verb is that of the step which does the same, such as goto, click, fill; "" for what
	// cannot be translated: Note is what stands in its place.
	Verb string
	// Locators are ways to find what it acted on, the steadiest first.
	Locators []specs.LocatorText
	// Element is what was known of that, before the action; nil where only a file tells.
	Element *steps.Element
	// Value is what was typed, chosen, pressed, or the address that was opened; "false" of a
	// check is a tick taken away, "2" of a click a double one.
	Value string
	// Secret is true for what was typed into a field for passwords: the value is in no file
	// that is written.
	Secret bool
	// Address is that of the page before the action, Tab numbers its tab from 0.
	Address string
	Tab     int
	// Note is told to the person: what could not be translated, and why.
	Note string
	// Effect is what the action has brought about.
	Effect Effect
	// List is the list that the element stands in, nil for none that was seen.
	List *List

	// found is true for the first action after a search for the item.
	found bool
}

// Effect is what an action brought about.
type Effect struct {
	// Address is where the page went, "" where it stayed.
	Address string
	// Tab is the number of the tab that it opened, 0 for none.
	Tab int
	// Dialog is the text of the dialog that it brought up, and Accepted how that was answered.
	Dialog   string
	Accepted bool
	// File is what came of it, nil for none, and More what came beside that.
	File *File
	More []File
	// Refused is how the site has refused the page, as "403 Forbidden"; Posted is true where the
	// page was asked for by sending a form.
	Refused string
	Posted  bool
	// Shown is what came into view by it and was waited for before the next action.
	Shown *specs.LocatorText
}

// none tells whether the action brought about nothing that was seen.
func (e Effect) none() bool {
	return e.Address == "" && e.Tab == 0 && e.Dialog == "" && e.File == nil && e.Shown == nil
}

// File is a file that came.
type File struct {
	// Name is the one that the site gave it, Type the content type, Address where it came from.
	Name    string
	Type    string
	Address string
	// Body is the start of it, as much as was kept.
	Body []byte
	// Printed is true where no file came: the page has printed itself, and what it shows is it.
	Printed bool
}

// List is a table, or what repeats like one, as it was on the page.
type List struct {
	Address string
	// Rows finds its rows of data, Columns what is in each of them.
	Rows    specs.LocatorText
	Columns []Column
	// Values are those of the row that was acted on, by the names of the columns; Index is
	// its place among the rows, from 0, and Count how many rows the page had. LeftOut is how many
	// others Rows leaves out, as they have fewer cells or sum up.
	Values  map[string]string
	Index   int
	Count   int
	LeftOut int
	// Others are the values of all rows of the page, or of the first ones, in their order.
	Others []map[string]string
	// Next turns to the next page of it, Numbers are the links to its pages by their numbers,
	// and More brings more of it into the page: one of them, nil where there was none.
	Next, Numbers, More *specs.LocatorText
	// Scroll is true where more may come while the page is scrolled, Scroller what scrolls in
	// place of the page.
	Scroll   bool
	Scroller *specs.LocatorText
	// Total tells how many rows there are on all pages, AllRows is that number; nil and 0 where
	// the page did not say it.
	Total   *specs.LocatorText
	AllRows int
}

// goesOn tells whether the list may have more rows than the page.
func (l *List) goesOn() bool {
	return l.Next != nil || l.Numbers != nil || l.More != nil || l.Scroll || l.Scroller != nil
}

// rowIn gives the list with the row acted on that an address has a value of; nil for none.
func (l *List) rowIn(address string) *List {
	if names(l.Values, address) {
		return l
	}
	for i, values := range l.Others {
		if names(values, address) {
			of := *l
			of.Values, of.Index = values, i
			return &of
		}
	}
	return nil
}

// names tells whether an address has one of a row's values in it.
func names(row map[string]string, address string) bool {
	var all variables
	for name, value := range row {
		if len(value) >= leastShown {
			all.add(value, name)
		}
	}
	return all.inAddress(address) != literal(address)
}

// Column is one of a list's.
type Column struct {
	// Name is its header's, Selector finds its cell within a row.
	Name     string
	Selector string
	// Unique is true where no two rows of the page had the same value in it.
	Unique bool
}
