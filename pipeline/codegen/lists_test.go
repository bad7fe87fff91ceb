package codegen_test

import (
	"strings"
	"testing"

	"pipe/pipeline/codegen"
	"pipe/specs"
	"pipe/steps"
)

// list is one of three rows whose second was clicked: nothing came of that.
func list(edit func(*codegen.List)) codegen.Action {
	cell := act("click", "", site+"/books", by("cell", "A1002"))
	cell.Element = &steps.Element{Tag: "td", Role: "cell", Name: "A1002", Text: "A1002"}
	cell.List = &codegen.List{
		Address: site + "/books", Rows: css("#books tbody tr"), Columns: []codegen.Column{{Name: "Stock", Selector: ".stock", Unique: true}},
		Values: map[string]string{"Stock": "A1002"}, Index: 1, Count: 3,
	}
	edit(cell.List)
	return cell
}

// pointed is what is left of actions of which the last opens an address.
func pointed(all ...codegen.Action) codegen.Action {
	all = codegen.PointedAt(all)
	return all[len(all)-1]
}

func report(address string) codegen.Action {
	open := act("goto", address, site+"/books")
	open.Effect.File = &codegen.File{Type: "application/pdf", Address: address}
	return open
}

// However a list goes on, the spec goes on in the same way. A click on a row that shows which
// list is meant is not done for each item, which may be on another page.
func TestListsGoOn(t *testing.T) {
	target := func(selector string) *specs.LocatorText { l := css(selector); return &l }
	for want, edit := range map[string]func(*codegen.List){
		`paginate: {next: "#next"}`:              func(l *codegen.List) { l.Next = target("#next") },
		`paginate: {numbers: ".pager a"}`:        func(l *codegen.List) { l.Numbers = target(".pager a") },
		`paginate: {more: "#more"}`:              func(l *codegen.List) { l.More = target("#more") },
		`paginate: {scroll: "#grid"}`:            func(l *codegen.List) { l.Scroller = target("#grid") },
		`paginate: {scroll: true}`:               func(l *codegen.List) { l.Scroll = true },
		`total: "#count"    # as many rows must`: func(l *codegen.List) { l.Next, l.Total, l.AllRows = target("#next"), target("#count"), 9 },
	} {
		spec, draft := written(t, codegen.Recording{Keys: []string{"A1002"}, Actions: []codegen.Action{
			act("goto", site+"/books", ""), pointed(list(edit), report(site+"/reports/A1002")),
		}}, codegen.Options{})
		holds(t, spec, want, "home: /books", `url: "/reports/${{ item.stock }}"`)
		if strings.Contains(spec, "click:") || len(draft.Notes) > 1 {
			t.Errorf("the row is clicked for each item, or it is said: %q\n%s", draft.Notes, spec)
		}
	}
}

// Of a list whose rows move, other rows may be clicked before the address is opened: the row
// that counts is the one which the address is of. What its rows leave out is told.
func TestListPointedAt(t *testing.T) {
	rows := []map[string]string{{"Stock": "A1001"}, {"Stock": "A1002"}, {"Stock": "A1003"}}
	mine := list(func(l *codegen.List) { l.LeftOut = 2 })
	other := list(func(l *codegen.List) { l.LeftOut, l.Values, l.Others = 2, rows[2], rows })
	for _, clicks := range [][]codegen.Action{{mine}, {other}, {other, mine}, {mine, mine, other}} {
		actions := append([]codegen.Action{act("goto", site+"/books", "")}, clicks...)
		spec, draft := written(t, codegen.Recording{Keys: []string{"A1002"}, Actions: codegen.PointedAt(append(actions, report(site+"/reports/A1002")))}, codegen.Options{})
		holds(t, spec, "home: /books", `url: "/reports/${{ item.stock }}"`)
		if strings.Contains(spec, "click:") {
			t.Errorf("%d clicks are done for each item\n%s", len(clicks), spec)
		}
		holds(t, strings.Join(draft.Notes, "\n"), "2 rows of the list's table, which have fewer cells or sum up, are no items")
	}
	// What nothing is opened after may be needed.
	kept := act("click", "", site+"/books", by("button", "Print"))
	kept.Effect.File = &codegen.File{Type: "application/pdf"}
	spec, _ := written(t, codegen.Recording{Keys: []string{"A1002"}, Actions: []codegen.Action{act("goto", site+"/books", ""), mine, kept}}, codegen.Options{})
	holds(t, spec, "click: {role: cell, name: \"${{ item.stock }}\"}")
}

// A list of which the page says that there is more, and nothing was seen that leads there, is
// told: a spec that reads the first page alone would look right.
func TestListEndsEarly(t *testing.T) {
	_, draft := written(t, codegen.Recording{Keys: []string{"A1002"}, Actions: []codegen.Action{
		act("goto", site+"/books", ""), pointed(list(func(l *codegen.List) { l.AllRows = 20 }), report(site+"/reports/A1002")),
	}}, codegen.Options{})
	holds(t, strings.Join(draft.Lacks, "\n"), "the page says that the list has 20 rows, of which it shows 3")
}

// Several files of one click have a capture each, with the same trigger. Their names have
// nothing of the item that was recorded.
func TestSeveralFiles(t *testing.T) {
	both := act("click", "", site+"/mail", by("link", "A1002"))
	both.Effect.File = &codegen.File{Name: "A1002.pdf", Type: "application/pdf"}
	both.Effect.More = []codegen.File{{Name: "A1002.csv", Type: "text/csv", Body: []byte("A1002")}, {Name: "other.pdf"}}
	spec, draft := written(t, codegen.Recording{Keys: []string{"A1002"}, Actions: []codegen.Action{act("goto", site+"/mail", ""), both}}, codegen.Options{})
	if n := strings.Count(spec, `on: {click: {role: link, name: "${{ item.key }}"}}`); n != 3 {
		t.Errorf("it is clicked for %d files\n%s", n, spec)
	}
	holds(t, spec, `as: "${{ item.key }}/file.pdf"`, `as: "${{ item.key }}/file.csv"`, `as: "${{ item.key }}/other-3.pdf"`)
	holds(t, strings.Join(draft.Notes, "\n"), "brings several files of one type")
}

// What the site has refused, and what sends a form that may be an order, is told.
func TestWarnings(t *testing.T) {
	refused := act("goto", site+"/desk", site+"/home")
	refused.Effect.Refused = "403 Forbidden"
	order := act("click", "", site+"/orders/A1002", by("button", "Send order"))
	order.Effect.Posted = true
	search := act("click", "", site+"/orders/A1002", by("button", "Search"))
	search.Effect.Posted = true
	spec, draft := written(t, codegen.Recording{Keys: []string{"A1002"}, Actions: []codegen.Action{
		act("goto", site+"/orders/A1002", ""), search, order, refused,
	}}, codegen.Options{})
	notes := strings.Join(draft.Notes, "\n")
	holds(t, notes, "goto /desk: the site answered 403 Forbidden", "name: Send order} sends a form")
	holds(t, spec, "# It may be sent again")
	if strings.Contains(notes, "name: Search} sends") {
		t.Errorf("a search is taken for an order: %s", notes)
	}
}

// A click that is done again because the site had no file yet is done once by the spec.
func TestClickedAgain(t *testing.T) {
	first := act("click", "", site+"/window/A1002", by("link", "Pick up"))
	first.Effect.Tab = 1
	second := first
	second.Effect.Tab, second.Effect.File = 2, &codegen.File{Type: "application/pdf"}
	spec, _ := written(t, codegen.Recording{Keys: []string{"A1002"}, Actions: []codegen.Action{act("goto", site+"/window/A1002", ""), first, second}}, codegen.Options{})
	if n := strings.Count(spec, "Pick up"); n != 1 {
		t.Errorf("it is clicked %d times\n%s", n, spec)
	}
}

// A page that prints itself is printed.
func TestPrints(t *testing.T) {
	sheet := act("click", "", site+"/counter/A1002", by("button", "Print sheet"))
	sheet.Effect.File = &codegen.File{Type: "application/pdf", Printed: true}
	spec, _ := written(t, codegen.Recording{Keys: []string{"A1002"}, Actions: []codegen.Action{act("goto", site+"/counter/A1002", ""), sheet}}, codegen.Options{})
	holds(t, spec, "print: letter", "expect: {type: pdf")
}

// A list that a script makes of what the page has is asked for once the page has it.
func TestListOfScript(t *testing.T) {
	for address, waits := range map[string]bool{"blob:" + site + "/1-2-3": true, site + "/list.csv": false} {
		save := act("click", "", site+"/books", by("button", "Save list"))
		save.Effect.File = &codegen.File{Name: "list.csv", Type: "text/csv", Address: address, Body: []byte("Stock\nA1002\n")}
		spec, _ := written(t, codegen.Recording{Keys: []string{"A1002"}, Actions: []codegen.Action{
			act("goto", site+"/books", ""), save, report(site + "/reports/A1002"),
		}}, codegen.Options{})
		holds(t, spec, "export:", "click: {role: button, name: Save list}")
		if got := strings.Contains(spec, "      - wait: {state: networkidle}\n        optional: true\n        timeout: 10s\n      - click: {role: button, name: Save list}"); got != waits {
			t.Errorf("of %s it waits: %v\n%s", address, got, spec)
		}
	}
}
