package inspect

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"pipe/specs"
	"pipe/steps"
)

// list makes a list with its source and the targets in an item's row.
func (r reading) list(l steps.SnapshotList) List {
	out := List{Kind: l.Kind, Name: cut(l.Name, nameMost), Rows: l.Count, Total: l.Total, Left: l.Odd, Columns: []Column{}}
	fields := &yaml.Node{Kind: yaml.MappingNode}
	taken := map[string]bool{}
	var key *steps.SnapshotColumn
	for i, c := range l.Columns {
		name := columnName(c, i, taken)
		out.Columns = append(out.Columns, Column{Name: name, Header: cut(c.Header, sampleMost), Samples: cutAll(c.Samples), Unique: c.Unique})
		if strings.Contains(c.Selector, "${{") {
			continue
		}
		if c.Unique && (key == nil || spaced(*key) && !spaced(c)) {
			key, out.Key = &l.Columns[i], name
		}
		read := inFlow("text_of", specs.LocatorText{Selector: c.Selector}.Node())
		if !c.Filled {
			read.Content = append(read.Content, word("absent"), word("empty"))
		}
		fields.Content = append(fields.Content, word(name), read)
		if c.Link != "" {
			attribute := inFlow("selector", specs.LocatorText{Selector: c.Link}.Node())
			attribute.Content = append(attribute.Content, word("attribute"), word("href"))
			read := inFlow("attribute_of", attribute)
			if !c.Filled {
				read.Content = append(read.Content, word("absent"), word("empty"))
			}
			fields.Content = append(fields.Content, word(uniqueColumn(name+"_link", taken)), read)
		}
	}
	if len(fields.Content) > 0 && !strings.Contains(l.Selector, "${{") {
		out.Source = r.source(l, fields)
	}
	if key != nil {
		out.Actions = r.actions(l, key.Selector, out.Key)
	}
	return out
}

// spaced tells whether a column holds words: what identifies an item seldom does.
func spaced(c steps.SnapshotColumn) bool {
	return slices.ContainsFunc(c.Samples, func(s string) bool { return strings.Contains(s, " ") })
}

// heading is the selector of a row's heading.
var heading = regexp.MustCompile(`^h[1-6]$`)

// columnName names a column by its header, its class, what it is or its place.
func columnName(c steps.SnapshotColumn, i int, taken map[string]bool) string {
	name := specs.SnakeCase(c.Header)
	if len(name) > 40 || name == "" {
		name = specs.SnakeCase(c.Class)
	}
	if heading.MatchString(c.Selector) {
		name = cmp.Or(name, "title")
	}
	return uniqueColumn(cmp.Or(name, fmt.Sprintf("column_%d", i+1)), taken)
}

// uniqueColumn numbers a name that is taken, and takes it.
func uniqueColumn(name string, taken map[string]bool) string {
	unique := name
	for n := 2; taken[unique]; n++ {
		unique = fmt.Sprintf("%s_%d", name, n)
	}
	taken[unique] = true
	return unique
}

func inFlow(key string, value *yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle, Content: []*yaml.Node{word(key), value}}
}

// source is the section of a spec that reads the list.
func (r reading) source(l steps.SnapshotList, fields *yaml.Node) string {
	table := &yaml.Node{Kind: yaml.MappingNode}
	table.Content = append(table.Content, word("goto"), &yaml.Node{Kind: yaml.ScalarNode, Value: pathOf(r.address)})
	rows := specs.LocatorText{Selector: l.Selector, Frame: r.frames}
	table.Content = append(table.Content, word("rows"), rows.Node())
	if l.Skip != "" {
		table.Content = append(table.Content, word("skip"), specs.LocatorText{Selector: l.Skip}.Node())
	}
	table.Content = append(table.Content, word("fields"), fields)
	for _, turn := range []struct {
		how       string
		selectors []string
	}{{"next", l.Next}, {"more", l.More}} {
		if all := r.locators(turn.selectors); len(all) > 0 {
			table.Content = append(table.Content, word("paginate"), inFlow(turn.how, all[0].Node()))
			break
		}
	}
	inner := &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{word("table"), table}}
	return write(&yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{word("source"), inner}})
}

// pathOf is an address without its site, as a spec with a base_url has it.
func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || strings.Contains(address, "${{") {
		return "/"
	}
	u.Scheme, u.Host, u.User, u.Opaque = "", "", nil, ""
	return cmp.Or(u.String(), "/")
}

// actions are what can be acted on in the row of an item, which its key tells from the others.
func (r reading) actions(l steps.SnapshotList, cell, key string) []Action {
	var out []Action
	row := fmt.Sprintf(`%s:has(%s:text-is("${{ item.%s }}"))`, l.Selector, strings.TrimPrefix(cell, ":scope "), key)
	if cell == ":scope" {
		row = fmt.Sprintf(`%s:text-is("${{ item.%s }}")`, l.Selector, key)
	}
	for _, a := range l.Actions {
		if strings.Contains(a.Selector, "${{") || strings.Contains(l.Selector, ",") {
			continue
		}
		in := specs.LocatorOf("css=x >> " + a.Selector)
		target := specs.LocatorText{Selector: strings.Replace(in.Selector, "css=x", row, 1), Frame: r.frames}
		out = append(out, Action{Role: a.Role, Name: cut(a.Name, nameMost), Target: target.String()})
	}
	return out
}
