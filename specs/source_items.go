package specs

import (
	"gopkg.in/yaml.v3"

	"pipe/specs/document"
)

// Items are rows written in the spec itself.
type Items []map[string]any

func (it *Items) decodeNode(d *decoder, n *yaml.Node, at cursor) {
	if n.Kind != yaml.SequenceNode {
		d.Fault(n, "want a list of mappings, not %s", document.Describe(n))
		return
	}
	d.env.Item = []string{}
	known := map[string]bool{}
	for i, one := range n.Content {
		row := map[string]any{}
		d.Path = at.index(i).path
		if one.Kind != yaml.MappingNode {
			d.Fault(one, "want a mapping of columns to values, not %s", document.Describe(one))
			continue
		}
		for key, value := range d.Pairs(one) {
			if !known[key.Value] {
				known[key.Value] = true
				d.env.Item = append(d.env.Item, key.Value)
			}
			if value.Kind != yaml.ScalarNode {
				d.Fault(value, "want a text, not %s", document.Describe(value))
				continue
			}
			row[key.Value] = value.Value
		}
		*it = append(*it, row)
	}
}
