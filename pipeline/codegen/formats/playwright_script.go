package formats

import (
	"encoding/json"
	"path"
	"regexp"
	"slices"
	"strings"

	"pipe/pipeline/codegen"
	"pipe/specs"
)

var (
	playwrightJS     = regexp.MustCompile(`\bpage\d*\s*\.\s*(goto|getBy\w+|locator|click|fill|waitForEvent)\s*\(`)
	playwrightPython = regexp.MustCompile(`(?m)^\s*(from playwright\b|import playwright\b)|\bpage\d*\s*\.\s*(get_by_\w+|expect_(popup|download))\s*\(|sync_playwright|async_playwright`)
)

func isPlaywrightJS(src []byte, top map[string]json.RawMessage) bool {
	return top == nil && playwrightJS.Match(src)
}

func isPlaywrightPython(src []byte, top map[string]json.RawMessage) bool {
	return top == nil && playwrightPython.Match(src) && !strings.Contains(string(src), "require('playwright')")
}

// readPlaywrightJS reads a script or test in JavaScript or TypeScript, as codegen writes it.
func readPlaywrightJS(src []byte) (codegen.Recording, error) { return readScript(src, false), nil }

// readPlaywrightPython reads a script or test in Python, sync or async, as codegen writes it.
func readPlaywrightPython(src []byte) (codegen.Recording, error) { return readScript(src, true), nil }

// scriptReader goes through the calls of a script in their order.
type scriptReader struct {
	recorder
	p *parser
	// tabs are the variables that are pages, events those that are a popup or a file to come,
	// elements those that lead to an element.
	tabs     map[string]int
	events   map[string]event
	elements map[string]chain
	// coming is what the next action brings, dialog how the next dialog is answered.
	coming []event
	dialog string
}

// event is a popup or a file that comes.
type event struct {
	kind string
	tab  int
	file *codegen.File
}

func readScript(src []byte, python bool) codegen.Recording {
	r := &scriptReader{
		p:    &parser{tokens: tokensOf(string(src), python), python: python},
		tabs: map[string]int{"page": 0}, events: map[string]event{}, elements: map[string]chain{},
	}
	for r.p.at < len(r.p.tokens) {
		r.statement()
	}
	return r.rec
}

// statement reads the next call on something that is known, or goes on by a token.
func (r *scriptReader) statement() {
	at := r.p.at
	t := r.p.peek()
	before := token{}
	if at > 0 {
		before = r.p.tokens[at-1]
	}
	if t.kind != word || before.kind == sign && before.text == "." || !r.known(t.text) {
		r.p.at++
		return
	}
	c := r.p.chain()
	name := r.assigned(at)
	if event, is := r.events[c.root]; is {
		r.arrived(event, c, name)
		return
	}
	if c.root == "expect" {
		r.expect(c)
		return
	}
	tab := r.tabs[c.root]
	if element, is := r.elements[c.root]; is {
		c.links = append(slices.Clone(element.links), c.links...)
		tab = r.tabs[element.root]
		c.root = element.root
	}
	if c.root == "context" || c.root == "browser" {
		r.context(c, name)
		return
	}
	r.call(c, tab, name)
}

func (r *scriptReader) known(name string) bool {
	_, page := r.tabs[name]
	_, event := r.events[name]
	_, element := r.elements[name]
	return page || event || element || name == "expect" || name == "context"
}

// assigned is the variable that the value of what begins at a token goes to: const x = await …,
// x = …, const [x] = await Promise.all([…, or Python's with … as x; "" for none.
func (r *scriptReader) assigned(at int) string {
	tokens := r.p.tokens
	if next := r.p.at; r.p.python && next+1 < len(tokens) && tokens[next].text == "as" && tokens[next+1].kind == word {
		return tokens[next+1].text
	}
	i := at - 1
	for i >= 0 && (tokens[i].text == "await" || tokens[i].text == "(" || tokens[i].text == "[" || tokens[i].text == "all" || tokens[i].text == "." || tokens[i].text == "Promise") {
		i--
	}
	if i < 1 || tokens[i].kind != sign || tokens[i].text != "=" {
		return ""
	}
	if i--; tokens[i].text == "]" && i > 0 {
		i--
	}
	if tokens[i].kind != word {
		return ""
	}
	return tokens[i].text
}

// arrived reads what becomes of a popup or a file: page1 = await page1Promise, or a file's name.
func (r *scriptReader) arrived(e event, c chain, name string) {
	for _, l := range c.links {
		if (l.name == "saveAs" || l.name == "path") && len(l.args) > 0 && l.args[0].known && e.file != nil {
			e.file.Name = path.Base(strings.ReplaceAll(l.args[0].text, `\`, "/"))
		}
	}
	switch {
	case name == "":
	case e.kind == "popup":
		r.tabs[name] = e.tab
	default:
		r.events[name] = e
	}
}

// context reads a call on the browser's context: a page that it opens, or one to come.
func (r *scriptReader) context(c chain, name string) {
	for _, l := range c.links {
		switch {
		case l.name == "newPage" && name != "" && len(r.rec.Actions) == 0:
			r.tabs[name] = 0
		case l.name == "newPage" && name != "":
			r.tabs[name] = len(r.tabs)
		case l.name == "waitForEvent" || l.name == "expectPage":
			r.expectEvent("popup", name)
		}
	}
}

// expectEvent notes that the next action brings something.
func (r *scriptReader) expectEvent(kind, name string) {
	e := event{kind: kind}
	switch kind {
	case "popup", "page":
		e.kind, e.tab = "popup", r.newTab()
	case "download":
		e.file = &codegen.File{}
	default:
		return
	}
	r.coming = append(r.coming, e)
	if name == "" {
		return
	}
	r.events[name] = e
	if e.kind == "popup" { // of const [page1] = await Promise.all([…
		r.tabs[name] = e.tab
		if strings.HasSuffix(strings.ToLower(name), "promise") || strings.HasSuffix(name, "_info") {
			delete(r.tabs, name)
		} else {
			delete(r.events, name)
		}
	}
}

// newTab numbers a tab that is not yet.
func (r *scriptReader) newTab() int {
	n := 0
	for _, tab := range r.tabs {
		n = max(n, tab)
	}
	for _, e := range r.events {
		n = max(n, e.tab)
	}
	for _, e := range r.coming {
		n = max(n, e.tab)
	}
	return n + 1
}

// quiet are calls that a spec needs no step for.
var quiet = []string{"close", "pause", "waitForTimeout", "waitForLoadState", "bringToFront", "setViewportSize", "setDefaultTimeout", "setDefaultNavigationTimeout", "url", "title", "on", "route", "focus", "value", "removeListener"}

// call reads a call on a page, or on an element of it.
func (r *scriptReader) call(c chain, tab int, name string) {
	to, do := leads(c.links)
	if len(do) == 0 {
		if len(to) > 0 && name != "" {
			r.elements[name] = c
		}
		return
	}
	l := do[0]
	switch {
	case l.name == "waitForEvent" && len(l.args) > 0:
		r.expectEvent(l.args[0].text, name)
		return
	case l.name == "expectPopup" || l.name == "expectDownload":
		r.expectEvent(strings.ToLower(strings.TrimPrefix(l.name, "expect")), name)
		return
	case (l.name == "once" || l.name == "on") && len(l.args) > 0 && l.args[0].text == "dialog":
		r.dialog = "dismiss"
		if slices.Contains(l.words, "accept") {
			r.dialog = "accept"
		}
		return
	case l.name == "waitForURL" || l.name == "waitForUrl":
		if len(l.args) > 0 && l.args[0].known && !l.args[0].regexp && strings.Contains(l.args[0].text, "://") && !strings.ContainsAny(l.args[0].text, "*?{") {
			r.goes(l.args[0].text)
		}
		return
	case slices.Contains(quiet, l.name):
		return
	}
	a, ok := actionOf(to, l)
	if !ok {
		source := c.source
		if a.Verb == "fill" || a.Verb == "type" { // what is typed may be a secret
			source = c.root + "." + l.name + "(…)"
		}
		r.note(c.line, "%q is left out: there is no step for it", shorten(source))
		return
	}
	a.Tab = tab
	r.bring(&a)
	r.add(a)
}

// bring adds to an action what was to come by it.
func (r *scriptReader) bring(a *codegen.Action) {
	if a.Verb != "click" && a.Verb != "press" && a.Verb != "select" {
		return
	}
	for _, e := range r.coming {
		if e.kind == "popup" {
			a.Effect.Tab = e.tab
		} else {
			a.Effect.File = e.file
		}
	}
	r.coming = nil
	if r.dialog != "" {
		a.Effect.Dialog, a.Effect.Accepted, r.dialog = "a dialog", r.dialog == "accept", ""
	}
}

// expect reads an assertion: what is to be seen is waited for.
func (r *scriptReader) expect(c chain) {
	if len(c.links) < 2 || len(c.links[0].args) == 0 || c.links[0].args[0].chain == nil {
		return
	}
	of, check := *c.links[0].args[0].chain, c.links[1]
	if element, is := r.elements[of.root]; is {
		of.links, of.root = append(slices.Clone(element.links), of.links...), element.root
	}
	to, _ := leads(of.links)
	selector := selectorOf(to)
	a := codegen.Action{Verb: "wait", Tab: r.tabs[of.root]}
	switch {
	case selector != "" && check.name == "toBeVisible":
	case selector != "" && (check.name == "toContainText" || check.name == "toHaveText") && len(check.args) > 0 && check.args[0].known && !check.args[0].regexp && check.args[0].list == nil:
		a.Value = check.args[0].text
	default:
		r.note(c.line, "%q is left out: there is no step for it", shorten(c.source))
		return
	}
	a.Locators = []specs.LocatorText{specs.LocatorOf(selector)}
	r.add(a)
}
