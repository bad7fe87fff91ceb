package inspect

import (
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"pipe/specs"
	"pipe/steps"
)

// The most characters that are shown of texts.
const (
	nameMost    = 120
	textMost    = 200
	addressMost = 300
	sampleMost  = 60
)

// cut shortens a text to what is shown of it.
func cut(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

func cutAll(texts []string) []string {
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = cut(t, sampleMost)
	}
	return out
}

// reading makes what a spec can have of a snapshot of the document within some frames.
type reading struct {
	frames []string
	// address is the page's.
	address string
}

func (r reading) document(s steps.Snapshot) Document {
	d := Document{Frame: r.frames, URL: cut(s.URL, addressMost), Title: cut(s.Title, nameMost), Tree: r.nodes(s.Tree), Lists: []List{}, Forms: []Form{}, Files: []Files{}}
	for _, l := range s.Lists {
		if len(l.Columns) > 0 {
			d.Lists = append(d.Lists, r.list(l))
		}
	}
	for _, f := range s.Forms {
		d.Forms = append(d.Forms, r.form(f))
	}
	for _, f := range s.Files {
		d.Files = append(d.Files, r.files(f))
	}
	if s.Shadow > 0 {
		d.Notes = append(d.Notes, fmt.Sprintf("elements with a shadow root: %d; targets reach into them as they stand", s.Shadow))
	}
	if s.Cut {
		d.Notes = append(d.Notes, fmt.Sprintf("it has more than %d elements: what comes after these was not looked at", s.Elements))
	}
	if s.Untargeted {
		d.Notes = append(d.Notes, "there is too much to act on: not all of it has a target here")
	}
	return d
}

func (r reading) nodes(all []steps.SnapshotNode) []Node {
	out := []Node{}
	for _, n := range all {
		node := Node{Role: n.Role, Name: cut(n.Name, nameMost), Text: cut(n.Text, textMost), More: n.More, URL: cut(n.URL, addressMost), Targets: r.targets(n.Selectors), Children: r.nodes(n.Children)}
		for _, state := range []struct{ name, value string }{
			{"checked", n.Checked}, {"disabled", n.Disabled}, {"expanded", n.Expanded}, {"pressed", n.Pressed}, {"selected", n.Selected}, {"level", n.Level},
		} {
			switch state.value {
			case "":
			case "true":
				node.States = append(node.States, state.name)
			default:
				node.States = append(node.States, state.name+"="+state.value)
			}
		}
		out = append(out, node)
	}
	return out
}

func (r reading) files(f steps.SnapshotFiles) Files {
	out := Files{Type: f.Type, Count: f.Count, Links: []Link{}}
	for _, l := range f.Files {
		link := Link{Name: cut(l.Name, nameMost), URL: cut(l.URL, addressMost), Targets: r.targets(l.Selectors)}
		if l.Download != nil {
			link.Download = cut(*l.Download, nameMost)
		}
		out.Links = append(out.Links, link)
	}
	return out
}

func (r reading) form(f steps.SnapshotForm) Form {
	out := Form{Name: cut(f.Name, nameMost), Method: f.Method, Action: cut(f.Action, textMost), Fields: []Field{}, Left: f.More}
	user := userField(f.Fields)
	for i, one := range f.Fields {
		field := Field{
			Label: cut(one.Label, nameMost), Type: one.Type, Name: cut(one.Name, nameMost), Required: one.Required, Disabled: one.Disabled, ReadOnly: one.ReadOnly, Secret: one.Secret,
			Options: cutAll(one.Options), OptionCount: one.OptionCount, Accept: cut(one.Accept, nameMost), Targets: r.targets(one.Selectors),
		}
		if !one.Secret {
			field.Value = cut(one.Value, sampleMost)
		}
		if all := r.locators(one.Selectors); len(all) > 0 {
			value := ""
			switch {
			case one.Secret:
				value = "${{ account.password }}"
			case i == user:
				value = "${{ account.username }}"
			}
			field.Step = fieldStep(all[0], one, value)
		}
		out.Fields = append(out.Fields, field)
	}
	for _, s := range f.Submits {
		if all := r.locators(s.Selectors); len(all) > 0 {
			out.Submits = append(out.Submits, oneLine("click", all[0].Node()))
		}
	}
	return out
}

// userField is the field of a login form for who logs in: the one for a text before the
// password. It is -1 where there is none, as in a form that asks for a new password twice.
func userField(fields []steps.SnapshotField) int {
	user, passwords := -1, 0
	for i, f := range fields {
		switch f.Type {
		case "password":
			passwords++
		case "text", "email", "tel", "":
			if passwords == 0 && !f.Secret {
				user = i
			}
		}
	}
	if passwords != 1 {
		return -1
	}
	return user
}

// fieldStep is the step that fills a field in, with a value where it is for a text.
func fieldStep(l specs.LocatorText, f steps.SnapshotField, value string) string {
	with := func(key string, value *yaml.Node) *yaml.Node {
		n := l.Node()
		if n.Kind == yaml.ScalarNode {
			n = &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle, Content: []*yaml.Node{word("selector"), n}}
		}
		n.Content = append(n.Content, word(key), value)
		return n
	}
	switch f.Type {
	case "select":
		option := ""
		if len(f.Options) > 0 {
			option = f.Options[0]
			if slices.Contains(f.Options, f.Value) {
				option = f.Value
			}
		}
		if strings.Contains(option, "${{") {
			option = ""
		}
		return oneLine("select", with("option", quoted(option)))
	case "checkbox", "radio", "switch":
		return oneLine("check", l.Node())
	case "file":
		return oneLine("upload", with("files", quoted("")))
	default:
		return oneLine("fill", with("value", quoted(value)))
	}
}

func word(text string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: text} }

func quoted(text string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: yaml.DoubleQuotedStyle, Value: text}
}

// oneLine is a mapping of one key, as a step is.
func oneLine(key string, value *yaml.Node) string {
	return write(&yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{word(key), value}})
}

// write gives a node as it stands in a file, without a line's end behind it.
func write(n *yaml.Node) string {
	var b strings.Builder
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(n); err != nil {
		panic(err) // a node of our own making
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// targets gives locators as texts of YAML.
func (r reading) targets(selectors []string) []string {
	var out []string
	for _, l := range r.locators(selectors) {
		out = append(out, l.String())
	}
	return out
}

// locators gives the driver's selectors as a spec has them. What a spec would take for an
// expression is no fit text for one.
func (r reading) locators(selectors []string) []specs.LocatorText {
	var out []specs.LocatorText
	for _, s := range selectors {
		if strings.Contains(s, "${{") {
			continue
		}
		l := specs.LocatorOf(s)
		l.Frame = r.frames
		out = append(out, l)
	}
	return out
}

// frameSelector gives the selector of a frame for the frame: of a target, "" for none.
func frameSelector(selectors []string) string {
	for _, s := range selectors {
		l := specs.LocatorOf(s + " >> internal:control=enter-frame >> html")
		if len(l.Frame) == 1 && !strings.Contains(l.Frame[0], "${{") {
			return l.Frame[0]
		}
	}
	return ""
}
