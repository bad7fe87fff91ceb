package htmlpage

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"
	"golang.org/x/net/html"
)

//go:embed testdata/vehicle.html
var vehicle string

// selectors are looked for in a browser and without one.
var selectors = []string{
	"*", "body *", "div", "DIV", "p.lead", ".lead", "#top", "#grid tbody tr", "#grid > tbody > tr", "tr + tr", "h1 ~ p", "ul > li",
	"td.stock", "[title]", "[title=Bookout]", "[title^=Rep]", "[title$='A-1000']", "[title*=port]", "[class~=odd]", "[lang|=en]", "[type=CHECKBOX]",
	"[class=ROW]", "[title='report of a-1000' i]", "a[href='/report?id=2']", "tr:first-child", "tr:last-child", "td:only-child", "td:nth-child(2)",
	"tr:nth-child(odd)", "tr:nth-child(2n+1)", "li:nth-last-child(1)", "p:first-of-type", "p:last-of-type", "p:nth-of-type(2)", "tr:nth-child(1 of .even)",
	"section :only-of-type", "div:empty", ":root", "input:checked", "option:checked", ":disabled", "button:enabled", ":required", "input:optional", "a:link",
	"tr:has(td.stock)", "tr:has(> td > a)", "tr:has(+ tr.even)", "td:has(~ td > a)", "tr:not(.odd)", "tr:not(.odd, .even)", "tr:is(.even, .last)", ":is(h1, h2)",
	"p:not(div p)", "tr:has-text('A-100')", "tr:has-text(\"a-100\")", "td:text-is('A-100')", "td:text('A-100')", ":text('Another paragraph')", "p:has-text('ambiguous')",
	":text-matches('^A-\\\\d{3}$')", "td:text-matches('a-1', 'i')", ":nth-match(tr, 2)", ":nth-match(td.stock, 3)", "button:visible", "div:visible", "*:visible",
	"text=A-100", "text='A-100'", "text=\"Home\"", "text=home", "text=/a-1\\d+/i", "text=Hidden words", "text=Find it", "'Inventory'", "text=Folded", "text=deep red",
	"text=Vehicle A-100 is here", "text=no script", "text=Vehicles", "text=straße", "text=ÜNÏCODE", "text='both'",
	"#grid >> tr", "#grid >> text=A-100", "tr >> td >> nth=1", "tr >> nth=-1", "tr >> nth=9", "tr >> visible=true", "div >> visible=false", "li >> ..", "css=td.stock",
	"id=grid", "data-testid=vin", "xpath=//tr", "//tr/td[2]", "#grid >> xpath=//td", "xpath=//td[text()='A-100']", "(//td)[2]",
	"xpath=//*[contains(@class,'odd')]", "xpath=//a[@href]/..", "xpath=//tr[last()]", "xpath=//label[contains(., 'Branch')]//option",
	"tr:has-text('A-1000') >> a", "tr:has(td:text-is('A-100')) img", "td + td", "tbody :scope", ":scope", ":scope > body", ".a\\.b", "a, button", "b, em, b",
	"role=button", "role=button[name=\"Search now\"]", "role=link[name=\"HOME\" i]", "form :is(input, select):not([type=hidden])", "details p", "svg g", "svg title",
	"dt:has-text('Colour') + dd", "li:has(ul)", "p >> text=second", "section >> article >> p", "input[name=q]", "#in-legend:disabled", "#in-disabled:disabled",
	"internal:has-text=\"A-100\"i", "tr >> internal:has-text=\"a-1000\"i",
}

// kinds are the other ways to name an element.
type way struct {
	role, name, label, text, placeholder, testID string
	exact                                        bool
}

var ways = []way{
	{role: "button"},
	{role: "button", name: "search now"},
	{role: "button", name: "Search now", exact: true},
	{role: "button", name: "find"},
	{role: "button", name: "OK", exact: true},
	{role: "button", name: "Pretended button"},
	{role: "button", name: "Go"},
	{role: "button", name: "Choose File"},
	{role: "button", name: "Reset"},
	{role: "link"},
	{role: "link", name: "Report"},
	{role: "link", name: "Labelled link"},
	{role: "link", name: "other words"},
	{role: "row"},
	{role: "row", name: "A-100"},
	{role: "row", name: "A-100 1,200 USD", exact: true},
	{role: "cell"},
	{role: "cell", name: "A-100", exact: true},
	{role: "gridcell"},
	{role: "columnheader", name: "Stock"},
	{role: "table"},
	{role: "table", name: "Vehicles"},
	{role: "heading", name: "Vehicle A-100 is here"},
	{role: "listitem"},
	{role: "list"},
	{role: "img"},
	{role: "img", name: "Report"},
	{role: "img", name: "Bookout"},
	{role: "img", name: "A drawing"},
	{role: "textbox"},
	{role: "textbox", name: "Stock number (exact)", exact: true},
	{role: "textbox", name: "remarks"},
	{role: "textbox", name: "Secret"},
	{role: "searchbox", name: "Seek"},
	{role: "spinbutton", name: "Year"},
	{role: "combobox"},
	{role: "combobox", name: "Branch"},
	{role: "checkbox", name: "Sold too"},
	{role: "radio", name: "Truck"},
	{role: "option"},
	{role: "navigation", name: "Main"},
	{role: "banner"},
	{role: "contentinfo"},
	{role: "form"},
	{role: "region", name: "Vehicle"},
	{role: "group"},
	{role: "group", name: "Choice"},
	{role: "figure", name: "A figure"},
	{role: "alert"},
	{role: "presentation"},
	{role: "rowgroup"},
	{role: "article"},
	{role: "slider"},
	{role: "definition"},
	{role: "term"},
	{role: "paragraph"},
	{role: "document"},
	{role: "listbox"},
	{label: "Stock number"},
	{label: "stock number (EXACT)"},
	{label: "Stock number (exact)", exact: true},
	{label: "Branch"},
	{label: "Branch", exact: true},
	{label: "Sold too", exact: true},
	{label: "Remarks"},
	{label: "Year"},
	{label: "Truck"},
	{label: "Main"},
	{label: "Labelled link"},
	{text: "A-100"},
	{text: "A-100", exact: true},
	{text: "home"},
	{text: "home", exact: true},
	{text: "Find it"},
	{text: "Search now", exact: true},
	{text: "1,200 USD", exact: true},
	{text: "deep red"},
	{text: "hidden"},
	{text: "text in"},
	{text: "Another paragraph"},
	{placeholder: "stock"},
	{placeholder: "Stock Number", exact: true},
	{placeholder: "stock number", exact: true},
	{testID: "vin"},
	{testID: "vin-2"},
	{testID: "VIN"},
}

type getter interface {
	GetByRole(playwright.AriaRole, ...playwright.PageGetByRoleOptions) playwright.Locator
	GetByLabel(any, ...playwright.PageGetByLabelOptions) playwright.Locator
	GetByText(any, ...playwright.PageGetByTextOptions) playwright.Locator
	GetByPlaceholder(any, ...playwright.PageGetByPlaceholderOptions) playwright.Locator
	GetByTestId(any) playwright.Locator
}

func (w way) on(p getter) playwright.Locator {
	switch {
	case w.role != "":
		o := playwright.PageGetByRoleOptions{Exact: &w.exact}
		if w.name != "" {
			o.Name = w.name
		}
		return p.GetByRole(playwright.AriaRole(w.role), o)
	case w.label != "":
		return p.GetByLabel(w.label, playwright.PageGetByLabelOptions{Exact: &w.exact})
	case w.text != "":
		return p.GetByText(w.text, playwright.PageGetByTextOptions{Exact: &w.exact})
	case w.placeholder != "":
		return p.GetByPlaceholder(w.placeholder, playwright.PageGetByPlaceholderOptions{Exact: &w.exact})
	default:
		return p.GetByTestId(w.testID)
	}
}

// Every selector finds the same elements without a browser as Playwright finds in one, in
// the same order; each element shows the same text, and is to be seen or not; and links and
// forms have the same sent to the site.
func TestSameAsInBrowser(t *testing.T) {
	t.Parallel()
	real, mine := inBrowser(t), static(t, vehicle)
	if err := real.SetContent(vehicle); err != nil {
		t.Fatal(err)
	}
	if _, err := real.Evaluate(`window.all = [...document.querySelectorAll('*')]`); err != nil {
		t.Fatal(err)
	}
	names := namesOf(mine.doc)
	compare := func(name string, theirs, own playwright.Locator) {
		t.Helper()
		want, err := theirs.EvaluateAll(`els => els.map(e => window.all.indexOf(e))`)
		if err != nil {
			t.Errorf("%s: in the browser: %v", name, err)
			return
		}
		_, found, err := own.(*Locator).all()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		var got []any
		for _, n := range found {
			got = append(got, mine.doc.order[n])
		}
		if list, _ := want.([]any); !slices.Equal(list, got) {
			t.Errorf("%s: %v, want %v\n      not wanted: %v\n      missing: %v", name, got, list, named(names, got, list), named(names, list, got))
		}
	}
	for _, one := range selectors {
		compare(one, real.Locator(one), mine.Locator(one))
	}
	for _, one := range ways {
		compare(fmt.Sprintf("%+v", one), one.on(real), one.on(mine))
	}
	compare("or", real.Locator("td.stock").Or(real.Locator("tr.even")), mine.Locator("td.stock").Or(mine.Locator("tr.even")))
	compare("and", real.Locator("tr").And(real.Locator(".even")), mine.Locator("tr").And(mine.Locator(".even")))
	compare("within", real.Locator("#grid").GetByText("A-100"), mine.Locator("#grid").GetByText("A-100"))
	text, shown := playwright.LocatorFilterOptions{HasText: "a-100"}, playwright.LocatorFilterOptions{Visible: playwright.Bool(true)}
	compare("holding a text", real.Locator("tr").Filter(text), mine.Locator("tr").Filter(text))
	compare("to be seen", real.Locator("div").Filter(shown), mine.Locator("div").Filter(shown))
	for _, page := range []string{vehicle, texts} {
		compareTexts(t, real, page)
	}
	compareRequests(t, real)
}

func namesOf(d *document) map[any]string {
	all := map[any]string{}
	for n, i := range d.order {
		var out strings.Builder
		_ = html.Render(&out, n)
		all[i] = fmt.Sprintf("%d: %.60s", i, out.String())
	}
	return all
}

// named gives what of a list is not in another.
func named(names map[any]string, list, but []any) string {
	var all []string
	for _, i := range list {
		if !slices.Contains(but, i) {
			all = append(all, names[i])
		}
	}
	return strings.Join(all, "\n      ")
}
