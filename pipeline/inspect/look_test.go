package inspect_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"
	"gopkg.in/yaml.v3"

	"pipe/pipeline"
	"pipe/pipeline/inspect"
	"pipe/pipeline/testbrowser"
	"pipe/specs"
	"pipe/specs/expr"
	"pipe/steps"
)

const stockPage = `<!doctype html><title>Stock list</title><nav><a href=/home>Home</a><a href=/stock>Stock</a></nav><h1>Stock</h1>
<form action=/find><label>User name <input name=user required value=me></label><label>Password <input type=password name=pw value=hush-hush-99></label>
<label>Color <select name=color><option>red<option selected>blue</select></label><label><input type=checkbox name=sold>Sold</label>
<label>Attach <input type=file name=f accept=.pdf></label><input type=hidden name=csrf value=tok-1><button>Search</button></form>
<table id=grid><thead><tr><th>Stock No<th>Make<th>&nbsp;</tr></thead><tbody>%s<tr><td colspan=3>Total: 7</tr></tbody></table><a rel=next href=?p=2>Next</a>
<div class=cards>%s</div>
<a href=/files/list.CSV?x=1>List</a> <a href=/get?id=1 download=all.zip>Get it</a> <a href=#x>${{ secret.X }}</a>
<iframe name=inner src=/inner></iframe><iframe style="display:none" src=/inner></iframe><my-box></my-box>
<script>customElements.define('my-box', class extends HTMLElement { connectedCallback() { this.attachShadow({mode: 'open'}).innerHTML = '<button>In the shadow</button>'; } })</script>`

// show serves a page of so many rows, and opens it.
func show(t *testing.T, rows int) (pipeline.Page, *inspect.Page) {
	t.Helper()
	page := testbrowser.Open(t)
	var grid, cards strings.Builder
	for i := range rows {
		fmt.Fprintf(&grid, "<tr><td class=stock>V-%d<td>Make %d<td><a href=/v/%d>Open V-%d</a><img title=Bookout onclick='go()' src=data:></tr>", i, i%2, i, i)
	}
	for i := range 5 {
		fmt.Fprintf(&cards, "<div class=card><h3>Card %d</h3><p>price <b>%d</b></p><a href=/f/%d.pdf>PDF</a></div>", i, 10*i, i)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/stock", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, stockPage, grid.String(), cards.String()) })
	mux.HandleFunc("/inner", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<!doctype html><button>Inside</button><ul><li>one<li>two<li>three</ul><iframe title=deep srcdoc="<button>Deeper</button>"></iframe>`)
	})
	site := httptest.NewServer(mux)
	t.Cleanup(site.Close)
	if _, err := page.Playwright().Goto(site.URL + "/stock?make=all"); err != nil {
		t.Fatal(err)
	}
	seen, err := inspect.Look(t.Context(), page.Playwright(), func(text string) string { return strings.ReplaceAll(text, "hush-hush", "***") })
	if err != nil {
		t.Fatal(err)
	}
	return page, seen
}

// allTargets are those of a document, each with what it is of.
func allTargets(d inspect.Document) map[string]string {
	all := map[string]string{}
	var walk func([]inspect.Node)
	walk = func(nodes []inspect.Node) {
		for _, n := range nodes {
			for _, target := range n.Targets {
				all[target] = n.Role + " " + n.Name
			}
			walk(n.Children)
		}
	}
	walk(d.Tree)
	for _, f := range d.Forms {
		for _, field := range f.Fields {
			for _, target := range field.Targets {
				all[target] = field.Label
			}
		}
	}
	for _, f := range d.Files {
		for _, l := range f.Links {
			for _, target := range l.Targets {
				all[target] = l.Name
			}
		}
	}
	return all
}

// parse reads a spec that has something in its navigate.steps.
func parse(t *testing.T, source, steplist string) *specs.Spec {
	t.Helper()
	if source == "" {
		source = "source: {items: [{stock_no: V-1, title: Card 1}]}"
	}
	text := "name: x\nbase_url: http://127.0.0.1\nkey: ${{ item.stock_no }}\nlogin: {accounts: [{username: me, password: x}], steps: [{goto: /}], success: {visible: body}}\n" + source + "\nnavigate:\n  steps:\n" + steplist
	spec, err := specs.Parse("x.yaml", []byte(text), specs.Options{Verbs: steps.Verbs(), Env: func(string) (string, bool) { return "x", true }})
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return spec
}

// count tells how many elements a target finds, as a step would look for it.
func count(t *testing.T, page pipeline.Page, target string) int {
	t.Helper()
	spec := parse(t, "", "    - hover: "+target+"\n")
	on := pipeline.NewStepContext(spec, page, expr.Values{"item": map[string]any{"stock_no": "V-1", "title": "Card 1"}}, "")
	return on.CountMatches(t.Context(), steps.TargetOf(&spec.Navigate.Steps[0]))
}

// Each target finds its element alone, frames and shadow roots included.
func TestTargetsAreUnique(t *testing.T) {
	t.Parallel()
	page, seen := show(t, 7)
	found := map[string]bool{}
	for _, d := range seen.Documents {
		for target, of := range allTargets(d) {
			found[of] = true
			if n := count(t, page, target); n != 1 {
				t.Errorf("%s of %s finds %d elements", target, of, n)
			}
			if strings.Contains(target, "secret.X") {
				t.Errorf("a text of the site's is an expression: %s", target)
			}
		}
	}
	for _, want := range []string{"link Home", "Password", "button Search", "img Bookout", "link Next", "button Inside", "button Deeper", "button In the shadow", "List", "Get it", "Sold"} {
		if !found[want] {
			t.Errorf("nothing acts on %q", want)
		}
	}
	for _, d := range seen.Documents {
		if d.Problem != "" {
			t.Errorf("%v: %s", d.Frame, d.Problem)
		}
	}
	if len(seen.Documents) != 3 || len(seen.Documents[2].Frame) != 2 {
		t.Errorf("%d documents", len(seen.Documents))
	}
}

// A source reads the list as it stands, and a target in a row finds that of the item.
func TestLists(t *testing.T) {
	t.Parallel()
	page, seen := show(t, 7)
	lists := slices.Concat(seen.Documents[0].Lists, seen.Documents[1].Lists)
	want := []struct {
		kind    string
		rows    int
		columns string
	}{{"table", 7, "stock_no make column_3"}, {"repeated", 5, "title column_2 column_3"}, {"list", 3, "column_1"}}
	if len(lists) != len(want) {
		t.Fatalf("%d lists: %+v", len(lists), lists)
	}
	for i, w := range want {
		var names []string
		for _, c := range lists[i].Columns {
			names = append(names, c.Name)
		}
		if lists[i].Kind != w.kind || lists[i].Rows != w.rows || strings.Join(names, " ") != w.columns {
			t.Errorf("list %d: %+v", i, lists[i])
		}
		source := lists[i].Source
		spec := parse(t, strings.NewReplacer("column_1:", "stock_no:", "title:", "stock_no:").Replace(source), "    - click: x\n")
		on := pipeline.NewStepContext(spec, page, expr.Values{}, "")
		rows, err := on.ReadRows(t.Context(), &spec.Source.Table.RowsOf, "fail")
		if err != nil || len(rows.Values) != w.rows {
			t.Errorf("list %d: %d rows are read (%v) by\n%s", i, len(rows.Values), err, source)
		}
		if i == 0 && (rows.Values[3]["stock_no"] != "V-3" || rows.Values[3]["column_3_link"] != "/v/3") {
			t.Errorf("the fourth row: %v", rows.Values[3])
		}
	}
	table := lists[0]
	if table.Key != "stock_no" || table.Left != 1 || !strings.Contains(table.Source, "paginate: {next: {role: link, name: Next}}") || !strings.Contains(table.Source, "goto: /stock?make=all") {
		t.Errorf("%+v", table)
	}
	for _, l := range lists[:2] {
		for _, a := range l.Actions {
			if n := count(t, page, a.Target); n != 1 {
				t.Errorf("%s: %d elements", a.Target, n)
			}
		}
	}
	if len(table.Actions) != 2 {
		t.Errorf("in a row: %+v", table.Actions)
	}
}

// Fields come as the steps that fill them; what is typed into those for secrets is nowhere.
func TestForms(t *testing.T) {
	t.Parallel()
	_, seen := show(t, 7)
	text := seen.Text()
	if strings.Contains(text+fmt.Sprintf("%+v", seen), "hush-hush") || strings.Contains(text, "tok-1") {
		t.Errorf("a secret is shown:\n%s", text)
	}
	form := seen.Documents[0].Forms[0]
	var list strings.Builder
	for _, f := range form.Fields {
		list.WriteString("    - " + strings.Replace(f.Step, `files: ""`, `files: go.mod`, 1) + "\n")
	}
	for _, s := range form.Submits {
		list.WriteString("    - " + s + "\n")
	}
	spec := parse(t, "", list.String())
	var verbs []string
	for _, s := range spec.Navigate.Steps {
		verbs = append(verbs, s.Verb)
	}
	if got := strings.Join(verbs, ","); got != "fill,fill,select,check,upload,click" {
		t.Errorf("the steps are %s:\n%s", got, list.String())
	}
	if !form.Fields[0].Required || form.Fields[0].Value != "me" || !form.Fields[1].Secret || form.Fields[2].OptionCount != 2 || form.Fields[2].Value != "blue" {
		t.Errorf("%+v", form.Fields)
	}
	types := map[string]int{}
	for _, f := range seen.Documents[0].Files {
		types[f.Type] = f.Count
	}
	if types["pdf"] != 5 || types["csv"] != 1 || types["zip"] != 1 {
		t.Errorf("files: %v", types)
	}
}

// What is printed is YAML, and what repeats is counted.
func TestLargePage(t *testing.T) {
	t.Parallel()
	page, seen := show(t, 1500)
	text := seen.Text()
	if lines := strings.Count(text, "\n"); lines > 600 {
		t.Errorf("%d lines", lines)
	}
	if seen.Documents[0].Lists[0].Rows != 1500 || !strings.Contains(text, "# and 1498 more like that") {
		t.Errorf("%s", text)
	}
	for i, part := range strings.Split(text, "\n---\n") {
		var v any
		if err := yaml.Unmarshal([]byte(part), &v); err != nil {
			t.Errorf("part %d: %v\n%s", i, err, part)
		}
	}
	button := page.Playwright().GetByRole("button", playwright.PageGetByRoleOptions{Name: "Search"})
	if n, err := button.Count(); n != 1 || err != nil {
		t.Error(n, err)
	}
	for target, of := range allTargets(seen.Documents[0]) {
		if n := count(t, page, target); n != 1 {
			t.Errorf("%s of %s finds %d elements", target, of, n)
		}
	}
}
