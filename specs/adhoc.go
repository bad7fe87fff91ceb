package specs

import (
	"errors"
	"strings"

	"gopkg.in/yaml.v3"

	"pipe/specs/expr"
)

// ParseTarget reads a target that stands in no spec: a selector by itself, or as a spec has
// it, as {role: button, name: Save} or a list of those. Which vars, steps and accounts there
// are is known where it is used. It is given as it is written down, too.
func ParseTarget(text string) (Target, []LocatorText, error) {
	text = strings.TrimSpace(text)
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
	if begins := strings.NewReplacer(" ", "").Replace(text); strings.HasPrefix(begins, "{") || strings.HasPrefix(begins, "[{") || strings.HasPrefix(begins, `["`) || strings.HasPrefix(begins, `"`) {
		var doc yaml.Node
		if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
			return Target{}, nil, errors.New("it does not parse as YAML: want a selector, or a target such as {role: button, name: Save}")
		}
		n = doc.Content[0]
	}
	var t Target
	if err := adhoc(func(d *decoder) { t.decodeNode(d, n, cursor{scope: expr.ScopeItem}) }); err != nil {
		return Target{}, nil, err
	}
	return t, t.texts(), nil
}

// ParseExpression reads an expression that stands in no spec, with or without the ${{ }}
// around it.
func ParseExpression(text string) (expr.Template, error) {
	text = strings.TrimSpace(text)
	if !strings.HasPrefix(text, "${{") {
		text = "${{ " + text + " }}"
	}
	var t expr.Template
	n := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
	err := adhoc(func(d *decoder) { d.decodeTemplate(&t, n, cursor{scope: expr.ScopeItem}) })
	return t, err
}

// adhoc reads what stands in no file; the error says what is wrong with it.
func adhoc(read func(*decoder)) error {
	d := newDecoder("", nil, &Options{Given: true})
	d.spec, d.env.Open = &Spec{}, true
	read(d)
	for _, f := range d.late {
		f()
	}
	var wrong []string
	for _, f := range d.Faults {
		wrong = append(wrong, f.Message)
	}
	if len(wrong) > 0 {
		return errors.New(strings.Join(wrong, "; "))
	}
	return nil
}

// texts gives a target's locators as they are written.
func (t Target) texts() []LocatorText {
	all := make([]LocatorText, len(t.Any))
	for i, l := range t.Any {
		all[i] = LocatorText{
			Selector: l.Selector.Raw(), Role: l.Role, Name: l.Name.Raw(), Label: l.Label.Raw(), Text: l.Text.Raw(),
			Placeholder: l.Placeholder.Raw(), TestID: l.TestID.Raw(), Exact: l.Exact, Nth: l.Nth,
		}
		for _, frame := range l.Frame {
			all[i].Frame = append(all[i].Frame, frame.Raw())
		}
	}
	return all
}

// Told gives what a step says as YAML on one line, with the values that its expressions
// have; what has none yet stays as it is written.
func (s *Step) Told(values expr.Values) string {
	m := stepMeaning(*s)
	m.fill(values)
	return m.String()
}

// fill puts the values of expressions in their places.
func (m *meaning) fill(values expr.Values) {
	if m.template != nil {
		if text, err := m.template.Text(values); err == nil {
			m.text, m.isText = text, true
		}
	}
	for _, one := range m.parts {
		one.fill(values)
	}
}
