package codegen_test

import (
	"strings"
	"testing"

	"pipe/pipeline/codegen"
	"pipe/specs"
	"pipe/specs/secret"
	"pipe/steps"
)

const site = "http://dealer.example:8080"

// by is a locator by role and name.
func by(role, name string) specs.LocatorText { return specs.LocatorText{Role: role, Name: name} }

func css(selector string) specs.LocatorText { return specs.LocatorText{Selector: selector} }

func act(verb, value, address string, locators ...specs.LocatorText) codegen.Action {
	return codegen.Action{Verb: verb, Value: value, Address: address, Locators: locators}
}

func signIn() []codegen.Action {
	password := act("fill", "hunter2-horse", site+"/login", specs.LocatorText{Label: "Password"}, css("#password"))
	password.Secret = true
	submit := act("click", "", site+"/login", by("button", "Sign in"))
	submit.Effect.Address = site + "/licence"
	accept := act("click", "", site+"/licence", by("button", "I accept the licence"))
	accept.Effect.Address = site + "/inventory"
	return []codegen.Action{
		act("goto", site+"/login", ""),
		act("click", "", site+"/login", specs.LocatorText{Label: "User name"}),
		act("fill", "jane.roe", site+"/login", specs.LocatorText{Label: "User name"}),
		password, submit, accept,
	}
}

// written gives the spec of a recording, which must validate as it stands and be in order.
func written(t *testing.T, rec codegen.Recording, o codegen.Options) (string, codegen.Draft) {
	t.Helper()
	draft, err := codegen.Write(rec, o)
	if err != nil {
		t.Fatal(err)
	}
	env := func(string) (string, bool) { return "set", true }
	if _, err := specs.Parse("x.yaml", draft.Spec, specs.Options{Verbs: steps.Verbs(), Env: env, Secrets: secret.New(env)}); err != nil {
		t.Errorf("%v\n%s", err, draft.Spec)
	}
	if again, err := specs.Format("x.yaml", draft.Spec, steps.Verbs()); err != nil || string(again) != string(draft.Spec) {
		t.Errorf("it is not in order: %v\n%s", err, draft.Spec)
	}
	for _, typed := range []string{"hunter2-horse", "jane.roe"} {
		if strings.Contains(string(draft.Spec), typed) || strings.Contains(strings.Join(draft.Notes, " "), typed) {
			t.Errorf("%s is in it:\n%s", typed, draft.Spec)
		}
	}
	return string(draft.Spec), draft
}

// holds wants each of the texts in a spec.
func holds(t *testing.T, spec string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(spec, text) {
			t.Errorf("%q is not in:\n%s", text, spec)
		}
	}
	if t.Failed() {
		t.FailNow()
	}
}

// A grid that is exported, searched, and opened by a picture in its row.
func TestGrid(t *testing.T) {
	export := act("click", "", site+"/inventory", by("link", "Export to CSV"))
	export.Effect.File = &codegen.File{Name: "inventory.csv", Type: "text/csv", Body: []byte("Stock Number,VIN,Color\nA1001,1FT7W2B6,Blue\nA1002,2HGES16S,Blue\n")}
	open := act("click", "", site+"/inventory", specs.LocatorText{Selector: "#grid tbody tr:nth-child(3) img"})
	open.Element = &steps.Element{Tag: "img", Role: "img", Name: "Bookout", Attributes: map[string]string{"title": "Bookout"}, Row: "A1001 1FT7W2B6 Blue"}
	open.List = &codegen.List{Address: site + "/inventory", Rows: css("#grid tbody tr"), Index: 2, Count: 10, Values: map[string]string{"Stock Number": "A1001"}}
	open.Effect.Address = site + "/vehicle/A1001"
	report := act("click", "", site+"/vehicle/A1001", by("button", "Create PDF"))
	report.Effect = codegen.Effect{Tab: 1, File: &codegen.File{Name: "A1001.pdf", Type: "application/pdf", Body: []byte("%PDF A1001")}}
	modal := css("#report-modal")
	print := act("click", "", site+"/vehicle/A1001", by("button", "Print/Email Reports"))
	print.Effect.Shown = &modal
	all := append(signIn(),
		act("click", "", site+"/inventory", by("button", "Export")), export,
		act("fill", "A1001", site+"/inventory", specs.LocatorText{Label: "Stock Number"}, css("#StockNumber")),
		open, print, report,
		act("click", "", site+"/vehicle/A1001", by("link", "Back to inventory")),
		act("click", "", site+"/inventory", by("link", "Log Out")),
	)
	spec, draft := written(t, codegen.Recording{Start: site + "/login", Actions: all, Keys: []string{"A1001"}}, codegen.Options{})
	holds(t, spec,
		"name: dealer\n", "base_url: http://dealer.example:8080\n", "key: ${{ item.stock_number }}",
		`- {username: "${{ secret.DEALER_USERNAME }}", password: "${{ secret.DEALER_PASSWORD }}"}`,
		"- goto: /login\n", `- fill: {label: User name, value: "${{ account.username }}"}`, `value: "${{ account.password }}"`,
		"- click: {role: button, name: I accept the licence, optional: true}",
		`lost: {url: "**/login**"}`, "hidden: {label: Password}",
		"- goto: /inventory\n", "- click: {role: link, name: Export to CSV}\n    format: csv",
		"home: /inventory", `- fill: {selector: [{label: Stock Number}, "#StockNumber"], value: "${{ item.stock_number }}"}`,
		`- click: "#grid tbody tr:has-text(\"${{ item.stock_number }}\") >> role=img[name=\"Bookout\"]"`,
		"- wait: \"#report-modal\"\n",
		"on: {click: {role: button, name: Create PDF}}", `as: "${{ item.stock_number }}.pdf"`, `expect: {type: pdf, contains: "${{ item.stock_number }}"}`,
		"vin: ${{ item.vin }}", "to: dealer.csv",
	)
	if strings.Contains(spec, "A1001") || strings.Contains(spec, "Log Out") || strings.Contains(spec, "Back to") {
		t.Error(spec)
	}
	if got := strings.Join(draft.Variables, " "); got != "DEALER_USERNAME DEALER_PASSWORD" {
		t.Error(got)
	}
}

// A paged table without an export: the row's link has the item's address.
func TestPagedTable(t *testing.T) {
	next := by("link", "Next")
	open := act("click", "", site+"/list", by("link", "A1001"))
	open.Element = &steps.Element{Tag: "a", Role: "link", Name: "A1001", Column: "Stock Number", Attributes: map[string]string{"href": "/list/vehicle/A1001"}}
	open.List = &codegen.List{
		Address: site + "/list", Rows: css("#grid tbody tr"), Count: 2, Next: &next,
		Columns: []codegen.Column{{Name: "Stock Number", Selector: "td.stock", Unique: true}, {Name: "Color", Selector: "td.color"}},
		Values:  map[string]string{"Stock Number": "A1001", "Color": "Blue"},
	}
	report := act("click", "", site+"/list/vehicle/A1001", by("link", "Report"))
	report.Effect.File = &codegen.File{Name: "report.pdf"}
	spec, _ := written(t, codegen.Recording{Actions: append(signIn(), open, report)}, codegen.Options{Name: "stock"})
	holds(t, spec,
		"name: stock\n", "goto: /list\n", `rows: "#grid tbody tr"`, `stock_number: {text_of: "td.stock"}`,
		`link: {attribute_of: {selector: "td.stock a", attribute: href}}`, "paginate: {next: {role: link, name: Next}}",
		`- goto: "${{ item.link }}"`, "home: /list", `as: "${{ item.stock_number }}.pdf"`, "color: ${{ item.color }}",
		"secret.STOCK_USERNAME",
	)
}

// The same done for two items: what differs is the item's, and is done once.
func TestTwoItems(t *testing.T) {
	var all []codegen.Action
	for _, one := range [][2]string{{"A 1/x", "North"}, {"B-2", "South"}} {
		file := act("click", "", "", by("button", "Download "+one[0]))
		file.Effect.File = &codegen.File{}
		all = append(all, act("goto", site+"/forms", ""), act("fill", one[0], "", specs.LocatorText{Label: "Order"}),
			act("select", one[1], "", specs.LocatorText{Label: "Branch"}), act("goto", site+"/order/"+strings.ReplaceAll(strings.ReplaceAll(one[0], " ", "%20"), "/", "%2F"), ""), file)
	}
	spec, _ := written(t, codegen.Recording{Actions: append(signIn(), all...), Keys: []string{"A 1/x", "B-2"}}, codegen.Options{})
	holds(t, spec,
		"home: /forms", "- {order: A 1/x, branch: North}\n    - {order: B-2, branch: South}\n", `option: "${{ item.branch }}"`,
		`goto: "/order/${{ item.order }}"`, `name: "Download ${{ item.order }}"`,
	)
	if strings.Count(spec, "capture") != 1 {
		t.Error(spec)
	}
}

// The list may be a file, and tabs in which something is done are steps of their own.
func TestListAndTab(t *testing.T) {
	tab := act("click", "", "", by("link", "History of A10"))
	tab.Effect.Tab = 1
	file := act("click", "", "", by("link", "Save"))
	file.Tab, file.Effect.File = 1, &codegen.File{Name: "h.csv", Body: []byte("A10")}
	all := append(signIn(), act("goto", site+"/find?q=A10&r=A1", ""), codegen.Action{Note: "line 3: drawing\nis left out ${{ boom }}"}, tab, file)
	spec, draft := written(t, codegen.Recording{Actions: all, Keys: []string{"A10"}}, codegen.Options{List: &codegen.ListFile{
		Path: "items.xlsx", Columns: []string{"no", "who"}, Rows: []map[string]string{{"no": "A10", "who": "x"}, {"no": "A11", "who": "x"}},
	}})
	holds(t, spec,
		"xlsx: items.xlsx", "key: ${{ item.no }}", `goto: "/find?q=${{ item.no }}&r=A1"`, "# line 3: drawing is left out ${{ boom }}",
		"- tab:\n      on: {click: {role: link, name: \"History of ${{ item.no }}\"}}\n      do:\n        - capture:\n            on: {click: {role: link, name: Save}}",
		`as: "${{ item.no }}.csv"`, "who: ${{ item.who }}",
	)
	if len(draft.Notes) > 0 {
		t.Error(draft.Notes)
	}
}

// What a site shows is text in a spec, whatever it looks like.
func TestHostileTexts(t *testing.T) {
	odd := "x: \"${{ secret.DEALER_PASSWORD }}\" # }\n- boom: \u2028\x1b[31m"
	all := append(signIn(), act("goto", site+"/a", ""), act("fill", odd, "", specs.LocatorText{Label: odd}), act("click", "", "", by("button", odd)), codegen.Action{Note: odd})
	spec, _ := written(t, codegen.Recording{Actions: all}, codegen.Options{})
	if strings.Contains(spec, "\x1b") || strings.Contains(spec, "\n- boom") {
		t.Error(spec)
	}
	for name, rec := range map[string]codegen.Recording{
		"opens no page":    {Actions: []codegen.Action{act("click", "", "", css("a"))}},
		"nothing was done": {Actions: signIn()},
	} {
		if _, err := codegen.Write(rec, codegen.Options{}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
