package codegen_test

import (
	"strings"
	"testing"

	"pipe/pipeline/codegen"
	"pipe/steps"
)

// clumsy is what a person does who is new on a site: passwords that are refused, another row
// that is opened by mistake, pages of the list that are turned to and fro.
func clumsy() []codegen.Action {
	password := func(verb, value string) codegen.Action {
		a := act(verb, value, site+"/login", by("textbox", "Password"))
		a.Secret = true
		return a
	}
	row := func(key string) codegen.Action {
		a := act("click", "", site+"/books", by("", ""), css("text="+key))
		a.Locators, a.Element = a.Locators[1:], &steps.Element{Tag: "div", Text: key}
		next := by("button", "Next")
		a.List = &codegen.List{
			Address: site + "/books", Rows: css(".card"), Columns: []codegen.Column{{Name: "no", Selector: ".no", Unique: true}},
			Values: map[string]string{"no": key}, Count: 9, Next: &next,
		}
		a.Effect.Address = site + "/books/" + key
		return a
	}
	back := act("click", "", site+"/books/A1001", by("link", "Back"))
	back.Effect.Address = site + "/books"
	print := act("click", "", site+"/books/A1002", by("button", "Print"))
	print.Effect.File = &codegen.File{Type: "application/pdf"}
	wrong := print
	wrong.Address = site + "/books/A1001"
	enter := password("press", "Enter")
	enter.Effect.Address = site + "/books"
	refused := password("press", "Enter")
	refused.Effect.Address = site + "/login"
	return []codegen.Action{
		act("goto", site+"/login", ""), password("fill", "one"), refused,
		act("fill", "jane@example.com", site+"/login", by("textbox", "E-mail")), password("click", ""), password("press", "Control+a"), password("fill", "two"),
		act("click", "", site+"/login", by("button", "Sign in")), password("fill", "three"), enter,
		act("click", "", site+"/books", by("button", "Next")), act("click", "", site+"/books", by("button", "Previous")), row("A1001"), wrong, back, row("A1002"), print,
	}
}

// Of a clumsy recording comes the spec of a straight one: the login's last attempt with each
// field once, and the item by its own address, on whichever page of the list it is.
func TestClumsy(t *testing.T) {
	spec, draft := written(t, codegen.Recording{Keys: []string{"A1002"}, Actions: clumsy()}, codegen.Options{})
	holds(t, spec, "    - goto: /login\n    - fill: {role: textbox, name: E-mail, value: \"${{ account.username }}\"}\n"+
		"    - fill: {role: textbox, name: Password, value: \"${{ account.password }}\"}\n    - press: {role: textbox, name: Password, key: Enter}\n",
		"paginate: {next: {role: button, name: Next}}", "  steps:\n    - goto: \"/books/${{ item.no }}\"\n", "on: {click: {role: button, name: Print}}")
	for _, not := range []string{"jane", "A1001", "Back", "Previous", "Sign in", "one", "two"} {
		if strings.Contains(strings.ReplaceAll(spec, "first one", ""), not+"}") || strings.Contains(spec, "name: "+not) {
			t.Errorf("%q is left of it:\n%s", not, spec)
		}
	}
	holds(t, strings.Join(draft.Understood, "\n"), "file: 1 file for each item")
	if len(draft.Variables) != 2 || len(draft.Lacks) > 0 {
		t.Errorf("variables %q, lacks %q", draft.Variables, draft.Lacks)
	}
}

// An address that was typed is the item's, too.
func TestTypedAddress(t *testing.T) {
	all := clumsy()
	print := all[len(all)-1]
	spec, draft := written(t, codegen.Recording{Keys: []string{"A1002"}, Actions: append(all[:10:10], print)}, codegen.Options{})
	holds(t, spec, "home: /books ", "- goto: \"/books/${{ item.key }}\"")
	if len(draft.Lacks) > 0 {
		t.Errorf("lacks %q", draft.Lacks)
	}
}

// A login that a key has sent ends there.
func TestLoginByKey(t *testing.T) {
	all := clumsy()
	all = append(append(all[:1:1], all[3], all[8], all[9]), all[15:]...)
	spec, _ := written(t, codegen.Recording{Keys: []string{"A1002"}, Actions: all}, codegen.Options{})
	holds(t, spec, "key: Enter}\n  #", "- goto: \"/books/${{ item.no }}\"")
}

// What a spec needs yet is told, where it would do a part of the items alone.
func TestLacks(t *testing.T) {
	all := clumsy()
	row, print := all[len(all)-2], all[len(all)-1]
	row.Effect.Address, print.Address = site+"/book?show=7", site+"/book?show=7"
	for want, rec := range map[string]codegen.Recording{
		"no address of an item was seen": {Keys: []string{"A1002"}, Actions: append(all[:10:10], row, print)},
		`"A1007" is in nothing that was`: {Keys: []string{"A1007"}, Actions: append(all[:10:10], print)},
		"which item it was, nobody has":  {Actions: append(all[:10:10], print)},
	} {
		if _, draft := written(t, rec, codegen.Options{}); !strings.Contains(strings.Join(draft.Lacks, "\n"), want) {
			t.Errorf("lacks %q, want %q", draft.Lacks, want)
		}
	}
}
