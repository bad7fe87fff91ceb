package specs

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"pipe/specs/definition"
	"pipe/specs/document"
	"pipe/specs/expr"
)

// Target is what a step acts on: one locator, or alternatives of which the
// first that is there counts. In a spec it is a selector's text, a mapping
// such as {role: button, name: Save}, or a list of those.
type Target struct {
	Any []Locator
}

// Given tells whether the spec names a target here.
func (t Target) Given() bool { return len(t.Any) > 0 }

// String names the target for a person, as the spec has it.
func (t Target) String() string { return t.describe(expr.Template.Raw) }

// With names the target for a person by the values of its expressions.
func (t Target) With(values expr.Values) string {
	return t.describe(func(of expr.Template) string {
		if text, err := of.Text(values); err == nil {
			return text
		}
		return of.Raw()
	})
}

func (t Target) describe(text func(expr.Template) string) string {
	names := make([]string, len(t.Any))
	for i, l := range t.Any {
		names[i] = l.describe(text)
	}
	return strings.Join(names, " or ")
}

// Locator names elements of a page in one way.
type Locator struct {
	Selector    expr.Template   `yaml:"selector" doc:"a Playwright selector: CSS, text=…, xpath=…, chained by >>"`
	Role        string          `yaml:"role" known:"roles" doc:"the ARIA role, such as button, link, row"`
	Name        expr.Template   `yaml:"name" doc:"with role: the accessible name"`
	Label       expr.Template   `yaml:"label" doc:"the text of a form field's label"`
	Text        expr.Template   `yaml:"text" doc:"the text that the element holds"`
	Placeholder expr.Template   `yaml:"placeholder" doc:"the placeholder of a form field"`
	TestID      expr.Template   `yaml:"test_id" doc:"the data-testid attribute"`
	Exact       bool            `yaml:"exact" doc:"name, label, text and placeholder match whole and case-sensitively"`
	Nth         *int            `yaml:"nth" doc:"which of several matches, from 0"`
	Frame       []expr.Template `yaml:"frame" doc:"a selector of the iframe that holds the element; for a frame within a frame a list of them, the outermost first"`
}

func locatorKeys() []string { return FieldNames(definition.Fields(reflect.TypeFor[Locator]())) }

func isLocatorKey(key string) bool { return slices.Contains(locatorKeys(), key) }

// String names the locator for a person.
func (l Locator) String() string { return l.describe(expr.Template.Raw) }

func (l Locator) describe(text func(expr.Template) string) string {
	switch {
	case !l.Selector.Empty():
		return fmt.Sprintf("%q", text(l.Selector))
	case l.Role != "" && !l.Name.Empty():
		return fmt.Sprintf("%s %q", l.Role, text(l.Name))
	case l.Role != "":
		return l.Role
	case !l.Label.Empty():
		return fmt.Sprintf("label %q", text(l.Label))
	case !l.Text.Empty():
		return fmt.Sprintf("text %q", text(l.Text))
	case !l.Placeholder.Empty():
		return fmt.Sprintf("placeholder %q", text(l.Placeholder))
	default:
		return fmt.Sprintf("test id %q", text(l.TestID))
	}
}

func (t *Target) decodeNode(d *decoder, n *yaml.Node, at cursor) {
	if n.Kind == yaml.MappingNode {
		// selector: may itself be a list of alternatives.
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == "selector" && n.Content[i+1].Kind != yaml.ScalarNode && len(n.Content) == 2 {
				n = n.Content[i+1]
				break
			}
		}
	}
	if n.Kind != yaml.SequenceNode {
		t.Any = make([]Locator, 1)
		t.Any[0].decodeNode(d, n, at)
		return
	}
	if len(n.Content) == 0 {
		d.Fault(n, "the list of selectors is empty")
	}
	t.Any = make([]Locator, len(n.Content))
	for i, one := range n.Content {
		t.Any[i].decodeNode(d, one, at.index(i))
	}
}

type plainLocator Locator

func (l *Locator) decodeNode(d *decoder, n *yaml.Node, at cursor) {
	if n.Kind == yaml.ScalarNode {
		d.decodeTemplate(&l.Selector, n, at)
		d.checkSelector(n, n.Value, at)
		return
	}
	d.decode(n, reflectOf((*plainLocator)(l)), at)
	if n.Kind != yaml.MappingNode {
		return
	}
	ways := 0
	for _, given := range []bool{
		!l.Selector.Empty(), l.Role != "", !l.Label.Empty(), !l.Text.Empty(),
		!l.Placeholder.Empty(), !l.TestID.Empty(),
	} {
		if given {
			ways++
		}
	}
	switch {
	case ways == 0:
		d.Fault(n, "no target: give selector, role, label, text, placeholder or test_id")
	case ways > 1:
		d.Fault(n, "give one of selector, role, label, text, placeholder and test_id, not several")
	case !l.Name.Empty() && l.Role == "":
		d.Fault(n, "a name goes with a role")
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		value := n.Content[i+1]
		switch k := n.Content[i].Value; k {
		case "selector":
			d.checkSelector(value, value.Value, at.field(k))
		case "frame":
			d.checkFrames(value, at.field(k))
		case "role":
			if value.Kind == yaml.ScalarNode && !slices.Contains(Roles, value.Value) {
				d.FaultAt(d.Pos(value), at.field(k).path, "there is no role %q%s", value.Value, document.DidYouMean(value.Value, Roles))
			}
		}
	}
}

// checkFrames checks the selector of a frame, or those of a list.
func (d *decoder) checkFrames(n *yaml.Node, at cursor) {
	if n.Kind != yaml.SequenceNode {
		d.checkSelector(n, n.Value, at)
		return
	}
	for i, one := range n.Content {
		d.checkSelector(one, one.Value, at.index(i))
	}
}

// FieldNames are the keys that the mapping of a struct may have.
func FieldNames(fields []definition.Field) []string {
	var names []string
	for _, f := range fields {
		switch {
		case f.Inline:
			names = append(names, locatorKeys()...)
		case !f.Body:
			names = append(names, f.Key)
		}
	}
	return names
}

func hasInline(fields []definition.Field) bool {
	return slices.ContainsFunc(fields, func(f definition.Field) bool { return f.Inline })
}
