package codegen

import (
	"path"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"pipe/specs"
)

// steps writes a list of steps, a line or more each.
func (w *writer) steps(all []Action, at place) []string {
	var lines []string
	for i := 0; i < len(all); i++ {
		a := all[i]
		if a.Note != "" {
			lines = append(lines, comment(a.Note))
		}
		if a.Verb == "" {
			continue
		}
		if a.Effect.Dialog != "" {
			lines = append(lines, "- dismiss: {accept: "+yesNo(a.Effect.Accepted)+"}")
		}
		inTab := i + 1
		for a.Effect.Tab > 0 && inTab < len(all) && all[inTab].Tab >= a.Effect.Tab {
			inTab++
		}
		switch {
		case inTab > i+1:
			lines = append(lines, "- tab:", "    on: "+w.step(a, place{item: at.item}), "    do:")
			lines = append(lines, indent(6, w.steps(all[i+1:inTab], at))...)
			i = inTab - 1
		case at.files && brings(a):
			lines = append(lines, w.capture(a, at)...)
		default:
			lines = append(lines, "- "+w.plainStep(a, at))
		}
		lines = append(lines, w.waits(all, i, at)...)
	}
	return lines
}

// plainStep writes one step on one line, as it stands in a list.
func (w *writer) plainStep(a Action, at place) string {
	text := w.step(a, at)
	return text[1 : len(text)-1]
}

// step writes one step as a mapping on one line.
func (w *writer) step(a Action, at place) string {
	return oneLine(flow(a.Verb, w.value(a, at)))
}

// value is what stands after a verb.
func (w *writer) value(a Action, at place) *yaml.Node {
	var more []any
	switch a.Verb {
	case "goto":
		if a.Value == linkAddress {
			return scalar("${{ item.link }}")
		}
		return scalar(w.address(a.Value, at))
	case "fill", "type":
		more = []any{"value", scalar(w.text(a.Value, at))}
	case "select":
		more = []any{"option", scalar(w.text(a.Value, at))}
	case "upload":
		more = []any{"files", scalar(w.text(a.Value, at))}
	case "press":
		if len(a.Locators) == 0 {
			return scalar(a.Value)
		}
		more = []any{"key", scalar(a.Value)}
	case "check":
		if a.Value == "false" {
			more = []any{"checked", plainScalar("false")}
		}
	case "click":
		if a.Value == "2" {
			more = []any{"count", plainScalar("2")}
		}
	case "wait":
		if a.Value != "" {
			more = []any{"text", scalar(w.text(a.Value, at))}
		}
	}
	if at.optional && consents(a) {
		more = append(more, "optional", plainScalar("true"))
	}
	return target(w.locators(a, at), more...)
}

// target writes locators and what stands beside them.
func target(all []specs.LocatorText, more ...any) *yaml.Node {
	switch {
	case len(all) == 0:
		return flow(more...)
	case len(more) == 0:
		return quoteExpressions(specs.TargetNode(all))
	case len(all) > 1:
		return flow(append([]any{"selector", quoteExpressions(specs.TargetNode(all))}, more...)...)
	}
	n := quoteExpressions(all[0].Node())
	if n.Kind == yaml.ScalarNode {
		return flow(append([]any{"selector", n}, more...)...)
	}
	n.Content = append(n.Content, flow(more...).Content...)
	return n
}

// waits writes what must be waited for after an action: what came into view by it; after a
// search for the key, that the item is found.
func (w *writer) waits(all []Action, i int, at place) []string {
	a := all[i]
	if shown := a.Effect.Shown; shown != nil && !w.logins.hasIn(*shown) {
		l, _ := w.inRow(*shown, Action{}, at)
		return []string{"- wait: " + oneLine(target([]specs.LocatorText{l}))}
	}
	if !at.item || i+1 >= len(all) || !w.searches(all, i) {
		return nil
	}
	var lines []string
	if !isButton(all[i+1]) {
		lines = append(lines, "- wait: {text: "+quoted("${{ "+itemOf(w.key)+" }}")+"}    # the search has found it")
	}
	if found := w.locators(all[i+1], at); len(found) > 0 && found[0].Nth == nil && !strings.Contains(found[0].Selector, "nth=") {
		second := found[0]
		if second.Nth = new(int); second.Role+second.Label+second.Text+second.Placeholder+second.TestID == "" && len(second.Frame) == 0 {
			second.Selector, second.Nth = second.Selector+" >> nth=1", nil
		} else {
			*second.Nth = 1
		}
		lines = append(lines, "- wait: {hidden: "+oneLine(target([]specs.LocatorText{second}))+"}    # it alone")
	}
	return lines
}

// searches tells whether an action ends a search for the item, of which nothing is known but
// that it was done: the key was typed, and maybe sent, and what is clicked next is no button of
// the search, and nothing that the key is in.
func (w *writer) searches(all []Action, i int) bool {
	next := all[i+1]
	if w.key == "" || len(w.items) == 0 || all[i].Element != nil || !next.found || all[i].Effect.Address != "" {
		return false
	}
	return !slices.ContainsFunc(w.locators(next, place{item: true}), func(l specs.LocatorText) bool { return strings.Contains(l.String(), "${{") })
}

// markFound marks the actions that follow a search for the item: its key was typed, and maybe
// sent by a button or a key.
func (w *writer) markFound(all []Action) []Action {
	all = slices.Clone(all)
	for i := range all {
		typed := i - 1
		if typed > 0 && (all[typed].Verb == "press" || all[typed].Verb == "click" && isButton(all[typed])) {
			typed--
		} else if isButton(all[i]) && searchWords.MatchString(words(all[i])) {
			continue
		}
		all[i].found = typed >= 0 && all[i].Verb == "click" && (all[typed].Verb == "fill" || all[typed].Verb == "type") && w.items.has(all[typed].Value)
	}
	return all
}

// isButton tells whether an action is on a button, or in a form.
func isButton(a Action) bool {
	return slices.ContainsFunc(a.Locators, func(l specs.LocatorText) bool {
		return l.Role == "button" || l.Label != "" || strings.Contains(l.Selector, "button") || strings.Contains(l.Selector, "submit")
	})
}

// capture writes a step that takes a file.
func (w *writer) capture(a Action, at place) []string {
	file := a.Effect.File
	kind := kindOf(*file)
	ending, expected := "."+kind, []string{"type: " + kind}
	if kind == "" {
		ending, expected = "${{ file.ext != '' ? file.ext : '.pdf' }}", nil
	}
	key := "${{ " + itemOf(w.key) + " }}"
	name := key + ending
	if at.names {
		name = key + "/" + fileName(a) + ending
	}
	on := "    on: " + w.step(a, place{item: at.item})
	if a.Verb == "goto" {
		on = "    url: " + oneLine(w.value(a, place{item: at.item}))
	}
	lines := []string{"- capture:", on, "    as: " + quoted(name)}
	switch text := w.textOf(*file, kind); {
	case text == "":
		expected = append(expected, "contains: "+quoted(key))
		lines = append(lines, "    # The proof that it is the item's own: take contains away if the file does not show the key.")
	case w.shownIn(text) != "":
		expected = append(expected, "contains: "+quoted("${{ "+w.shownIn(text)+" }}"))
	default:
		w.note("the file shows nothing of the item's row: that it is the item's own is proved by no text in it, and only by no other item having the same")
	}
	return append(lines, "    expect: {"+strings.Join(expected, ", ")+"}")
}

// textOf gives the text of a file, "" where nobody can read it.
func (w *writer) textOf(f File, kind string) string {
	if w.options.TextOf != nil && len(f.Body) > 0 {
		if text := w.options.TextOf(f); text != "" {
			return text
		}
	}
	if slices.Contains([]string{"csv", "json", "xml"}, kind) {
		return string(f.Body)
	}
	return ""
}

// leastShown is how long a value is at least, in bytes, that shows whose file it is.
const leastShown = 4

// shownIn gives the expression for what a text shows of the item: its key or, if it does not
// show that, another value of its own; "" for nothing.
func (w *writer) shownIn(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(w.rec.Keys) > 0 && strings.Contains(text, w.rec.Keys[0]) {
		return itemOf(w.key)
	}
	for _, v := range w.items {
		if len(v.value) >= leastShown && strings.Contains(text, v.value) {
			return v.expression
		}
	}
	return ""
}

// kindOf is a file's type as proofs have it; "" where nothing tells.
func kindOf(f File) string {
	for _, is := range []struct{ kind, ending, mime, begin string }{
		{"pdf", ".pdf", "/pdf", "%PDF-"},
		{"xlsx", ".xlsx", "spreadsheetml", ""},
		{"docx", ".docx", "wordprocessingml", ""},
		{"csv", ".csv", "csv", ""},
		{"zip", ".zip", "/zip", ""},
		{"png", ".png", "/png", "\x89PNG"},
		{"jpeg", ".jpg", "/jpeg", "\xff\xd8\xff"},
		{"json", ".json", "json", ""},
		{"xml", ".xml", "xml", "<?xml"},
	} {
		if is.begin != "" && strings.HasPrefix(string(f.Body), is.begin) || strings.HasSuffix(strings.ToLower(f.Name), is.ending) || strings.Contains(f.Type, is.mime) {
			return is.kind
		}
	}
	return ""
}

// fileName names a file by what brought it.
func fileName(a Action) string {
	name := fieldName(a)
	if name == "" && len(a.Locators) > 0 {
		name = columnName(a.Locators[0].Text)
	}
	if name == "" {
		name = columnName(strings.TrimSuffix(a.Effect.File.Name, path.Ext(a.Effect.File.Name)))
	}
	if name == "" {
		name = "file"
	}
	return strings.ReplaceAll(name, "_", "-")
}
