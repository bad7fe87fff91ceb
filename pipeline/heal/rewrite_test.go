package heal

import (
	"testing"

	"pipe/steps"
)

// A selector changes in what has changed alone.
func TestRewrite(t *testing.T) {
	t.Parallel()
	known := steps.Element{
		Tag: "img", Attributes: map[string]string{"title": "Bookout", "class": "tool small", "id": "book"},
		Ancestors: []string{"td.tools", "tr", "tbody", "table#grid.list", "div#inventory", "body", "html"},
	}
	wrapped := []string{"td.tools", "tr", "tbody", "table#stock.list", "div.scroll", "div#inventory", "body", "html"}
	for name, c := range map[string]struct {
		text string
		now  steps.Element
		want string
	}{
		"an ancestor's id": {
			"#grid tbody tr:only-child img[title=Bookout]",
			steps.Element{Tag: "img", Attributes: known.Attributes, Ancestors: wrapped},
			"#stock tbody tr:only-child img[title=Bookout]",
		},
		"an id that is a test id now": {
			"#grid tr > td img",
			steps.Element{Tag: "img", Attributes: known.Attributes, Ancestors: []string{"span", "td.tools", "tr", "tbody", `table.list[data-testid="grid"]`, "div#inventory", "body", "html"}},
			`[data-testid="grid"] tr > td img`,
		},
		"an attribute that has moved": {
			"img[title=Bookout]",
			steps.Element{Tag: "img", Attributes: map[string]string{"aria-label": "Bookout"}, Ancestors: known.Ancestors},
			`img[aria-label="Bookout"]`,
		},
		"an attribute of another value": {
			"#grid img[title=Bookout]",
			steps.Element{Tag: "img", Attributes: map[string]string{"title": "Book out"}, Ancestors: known.Ancestors},
			`#grid img[title="Book out"]`,
		},
		"a tag and a class": {
			"img.tool",
			steps.Element{Tag: "a", Attributes: map[string]string{"class": "icon-tool wide small"}, Ancestors: known.Ancestors},
			"a.icon-tool",
		},
		"nothing left of it": {
			"#book",
			steps.Element{Tag: "img", Attributes: map[string]string{"class": "x"}, Ancestors: known.Ancestors},
			"img.x",
		},
		"a child that is none any more": {
			".list > tbody > tr:nth-child(2) img",
			steps.Element{Tag: "img", Ancestors: []string{"td", "tr", "tbody", "section", "table#grid.rows", "body", "html"}},
			".rows tbody > tr:nth-child(2) img",
		},
		"nothing has changed":  {"#grid img", known, ""},
		"what it was never in": {"#other img", known, ""},
		"a sibling":            {"td + td img", known, ""},
		"no CSS":               {"text=Bookout", known, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok := Rewrite(c.text, known, c.now)
			if !ok {
				got.Selector = ""
			}
			if got.Selector != c.want {
				t.Errorf("%q, want %q", got.Selector, c.want)
			}
		})
	}
}
