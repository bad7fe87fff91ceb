package codegen

import (
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
		lines = append(lines, w.warnings(a, at)...)
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
			lines = append(lines, w.captures(a, at)...)
		default:
			lines = append(lines, "- "+w.plainStep(a, at))
		}
		lines = append(lines, w.waits(all, i, at)...)
	}
	return lines
}

// warnings tells what the person should know of an action, and gives what stands before it.
func (w *writer) warnings(a Action, at place) []string {
	what := w.relative(a.Value)
	if len(a.Locators) > 0 {
		what = a.Locators[0].String()
	}
	if a.Effect.Refused != "" && !a.Secret {
		w.note("%s %s: the site answered %s, and will answer a run so too, unless that brings what it wants, as by browser.context.headers", a.Verb, what, a.Effect.Refused)
	}
	if !at.item || !a.Effect.Posted || !orderWords.MatchString(words(a)) {
		return nil
	}
	w.note("%s sends a form: where the site must not get it twice for an item, make this step one that is done once", what)
	return []string{comment("It may be sent again, where a try fails after it: see `once` in the guide.")}
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
