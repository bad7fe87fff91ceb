package heal

import (
	"testing"

	"pipe/steps"
)

// An element is known again by what is its own, wherever it is and however it is called;
// what merely stands in its place is not it.
func TestScore(t *testing.T) {
	t.Parallel()
	in := []string{"tr", "tbody", "table#grid", "div#inventory", "body", "html"}
	cell := steps.Element{
		Tag: "td", Role: "cell", Name: "${{ item.stock_number }}", Text: "${{ item.stock_number }}", Attributes: map[string]string{"class": "stock"},
		Heading: "Vehicles", Row: "${{ item.stock_number }} ${{ item.vin }}", Column: "Stock Number", Path: "html > body > table > tbody > tr > td:nth-of-type(1)", Ancestors: in,
	}
	moved, vin, empty := cell, cell, cell
	moved.Attributes, moved.Path = nil, "html > body > main > table > tbody > tr > td:nth-of-type(2)"
	vin.Name, vin.Text, vin.Column, vin.Attributes = "${{ item.vin }}", "${{ item.vin }}", "VIN", map[string]string{"class": "vin"}
	empty.Name, empty.Text, empty.Row, empty.Attributes = "No vehicles found", "No vehicles found", "No vehicles found", map[string]string{"class": "empty", "colspan": "9"}
	if is, other := Score(cell, moved), Score(cell, vin); is < leastScore || is-other < leastMargin {
		t.Errorf("the cell that has moved %.2f, another %.2f", is, other)
	}
	if s := Score(empty, cell); s >= leastScore {
		t.Errorf("what stands where it said that there is nothing: %.2f", s)
	}
	button := steps.Element{Tag: "button", Role: "button", Name: "Sign in", Text: "Sign in", Attributes: map[string]string{"type": "submit", "class": "button"}, Ancestors: []string{"form#login"}}
	renamed, link := button, button
	renamed.Name, renamed.Text = "Log in", "Log in"
	link.Tag, link.Role, link.Attributes = "a", "link", map[string]string{"href": "#"}
	for name, e := range map[string]steps.Element{"renamed": renamed, "a link": link} {
		if s := Score(button, e); s < leastScore {
			t.Errorf("%s: %.2f", name, s)
		}
	}
	if s := Score(button, button); s != 1 {
		t.Errorf("itself: %.2f", s)
	}
}

// What stood beside the element when that was known is another.
func TestStoodBeside(t *testing.T) {
	known := steps.Element{Name: "Bookout report", Before: "Window sticker", After: "Close"}
	for name, want := range map[string]bool{"Window sticker": true, "Close": true, "Bookout report": false, "Report": false, "": false} {
		if got := stoodBeside(known, steps.Element{Name: name}); got != want {
			t.Errorf("%q: %v, want %v", name, got, want)
		}
	}
}
