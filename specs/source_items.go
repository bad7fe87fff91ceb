package specs

import "gopkg.in/yaml.v3"

// Items are rows written in the spec itself.
type Items []map[string]any

func (it *Items) decodeNode(d *decoder, n *yaml.Node, at cursor) {
	if n.Kind != yaml.SequenceNode {
		d.fault(n, "want a list of mappings, not %s", describe(n))
		return
	}
	d.env.item = []string{}
	known := map[string]bool{}
	for i, one := range n.Content {
		row := map[string]any{}
		d.path = at.index(i).path
		if one.Kind != yaml.MappingNode {
			d.fault(one, "want a mapping of columns to values, not %s", describe(one))
			continue
		}
		for key, value := range d.pairs(one) {
			if !known[key.Value] {
				known[key.Value] = true
				d.env.item = append(d.env.item, key.Value)
			}
			if value.Kind != yaml.ScalarNode {
				d.fault(value, "want a text, not %s", describe(value))
				continue
			}
			row[key.Value] = value.Value
		}
		*it = append(*it, row)
	}
}
