package inspect

import (
	"fmt"
	"strings"
)

// Text writes a page down as YAML, for people and for those who read it as data: the tree as the
// driver's snapshots have it, with /url: and /target: beside what they are of, and /or: for
// alternatives; then lists, forms, and links to files.
func (p *Page) Text() string {
	w := &writer{}
	w.line(0, "page: %s", quote(p.URL))
	if p.Title != "" {
		w.line(0, "title: %s", quote(p.Title))
	}
	for _, d := range p.Documents {
		w.document(d)
	}
	return w.String()
}

// writer writes lines of YAML.
type writer struct{ strings.Builder }

func (w *writer) line(indent int, format string, args ...any) {
	w.WriteString(strings.Repeat("  ", indent))
	fmt.Fprintf(w, format, args...)
	w.WriteString("\n")
}

// quote writes a text so that YAML takes it for one.
func quote(text string) string { return write(quoted(text)) }

func (w *writer) document(d Document) {
	in := 0
	if len(d.Frame) > 0 {
		all := make([]string, len(d.Frame))
		for i, f := range d.Frame {
			all[i] = quote(f)
		}
		w.line(0, "---")
		w.line(0, "frame: [%s]", strings.Join(all, ", "))
		w.line(0, "page: %s", quote(d.URL))
	}
	if d.Problem != "" {
		w.line(in, "problem: %s", quote(d.Problem))
		return
	}
	w.line(in, "tree:")
	w.nodes(in+1, d.Tree)
	if len(d.Lists) > 0 {
		w.line(in, "lists:")
	}
	for _, l := range d.Lists {
		w.list(in+1, l)
	}
	if len(d.Forms) > 0 {
		w.line(in, "forms:")
	}
	for _, f := range d.Forms {
		w.form(in+1, f)
	}
	if len(d.Files) > 0 {
		w.line(in, "files:")
	}
	for _, f := range d.Files {
		w.files(in+1, f)
	}
	if len(d.Notes) > 0 {
		w.line(in, "notes:")
	}
	for _, n := range d.Notes {
		w.line(in+1, "- %s", quote(n))
	}
}

func (w *writer) nodes(in int, all []Node) {
	for _, n := range all {
		switch {
		case n.More < 0:
			w.line(in, "# and more, left out")
		case n.More > 0:
			w.line(in, "# and %d more like that", n.More)
		case n.Role == "":
			w.line(in, "- text: %s", quote(n.Text))
		default:
			w.node(in, n)
		}
	}
}

func (w *writer) node(in int, n Node) {
	key := n.Role
	if n.Name != "" {
		key += " " + quote(n.Name)
	}
	for _, s := range n.States {
		key += " [" + s + "]"
	}
	if len(n.States) > 0 || n.Name != "" {
		key = "'" + strings.ReplaceAll(key, "'", "''") + "'"
	}
	switch {
	case len(n.Targets) == 0 && len(n.Children) == 0 && n.URL == "" && n.Text == "":
		w.line(in, "- %s", key)
		return
	case len(n.Targets) == 0 && len(n.Children) == 0 && n.URL == "":
		w.line(in, "- %s: %s", key, quote(n.Text))
		return
	}
	w.line(in, "- %s:", key)
	if n.URL != "" {
		w.line(in+1, "- /url: %s", quote(n.URL))
	}
	w.targets(in+1, "- /", n.Targets)
	if n.Text != "" {
		w.line(in+1, "- text: %s", quote(n.Text))
	}
	w.nodes(in+1, n.Children)
}

// targets writes a target, and its alternatives below it.
func (w *writer) targets(in int, before string, all []string) {
	for i, t := range all {
		key := "or"
		if i == 0 {
			key = "target"
		}
		w.line(in, "%s%s: %s", before, key, t)
	}
}

func (w *writer) list(in int, l List) {
	w.line(in, "- kind: %s", l.Kind)
	in++
	if l.Name != "" {
		w.line(in, "name: %s", quote(l.Name))
	}
	w.line(in, "rows: %d", l.Rows)
	if l.Total > 0 {
		w.line(in, "total: %d  # as the page says; more come by scrolling or by pages", l.Total)
	}
	if l.Left > 0 {
		w.line(in, "left: %d  # rows with fewer cells, which the source leaves out", l.Left)
	}
	w.line(in, "columns:")
	for _, c := range l.Columns {
		samples := make([]string, len(c.Samples))
		for i, s := range c.Samples {
			samples[i] = quote(s)
		}
		mark := ""
		if c.Name == l.Key {
			mark = "  # no two the same: the key?"
		}
		w.line(in+1, "%s: [%s]%s", c.Name, strings.Join(samples, ", "), mark)
	}
	for _, line := range strings.Split(l.Source, "\n") {
		if line != "" {
			w.line(in, "%s", line)
		}
	}
	if l.Key != "" && l.Source != "" {
		w.line(in, "key: ${{ item.%s }}", l.Key)
	}
	if len(l.Actions) > 0 {
		w.line(in, "in_the_row_of_an_item:")
	}
	for _, a := range l.Actions {
		w.line(in+1, "- %s: %s", a.Role, quote(a.Name))
		w.line(in+2, "target: %s", a.Target)
	}
}

func (w *writer) form(in int, f Form) {
	name := f.Name
	if f.Action != "" {
		name = strings.TrimSpace(name + " → " + f.Method + " " + f.Action)
	}
	w.line(in, "- form: %s", quote(name))
	w.line(in+1, "steps:")
	for _, one := range f.Fields {
		w.field(in+2, one)
	}
	if f.Left > 0 {
		w.line(in+2, "# and %d more fields", f.Left)
	}
	for _, s := range f.Submits {
		w.line(in+2, "- %s", s)
	}
}

func (w *writer) field(in int, f Field) {
	about := []string{f.Type}
	for _, flag := range []struct {
		is   bool
		name string
	}{{f.Required, "required"}, {f.Disabled, "disabled"}, {f.ReadOnly, "read only"}, {f.Secret, "secret"}} {
		if flag.is {
			about = append(about, flag.name)
		}
	}
	if f.Value != "" {
		about = append(about, "now "+quote(f.Value))
	}
	if f.Accept != "" {
		about = append(about, "takes "+f.Accept)
	}
	w.line(in, "# %s: %s", quote(f.Label), strings.Join(about, ", "))
	if len(f.Options) > 0 {
		w.line(in, "#   options: %s", options(f))
	}
	if f.Step != "" {
		w.line(in, "- %s", f.Step)
	}
}

// options are those of a field in a few words.
func options(f Field) string {
	all := make([]string, len(f.Options))
	for i, o := range f.Options {
		all[i] = quote(o)
	}
	text := strings.Join(all, ", ")
	if more := f.OptionCount - len(f.Options); more > 0 {
		text += fmt.Sprintf(" … and %d more", more)
	}
	return text
}

func (w *writer) files(in int, f Files) {
	w.line(in, "- type: %s", quote(f.Type))
	w.line(in+1, "count: %d", f.Count)
	w.line(in+1, "links:")
	for _, l := range f.Links {
		w.line(in+2, "- name: %s", quote(l.Name))
		w.line(in+3, "url: %s", quote(l.URL))
		if l.Download != "" {
			w.line(in+3, "download: %s", quote(l.Download))
		}
		w.targets(in+3, "", l.Targets)
	}
}
