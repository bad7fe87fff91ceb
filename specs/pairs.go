package specs

import "gopkg.in/yaml.v3"

// pairs gives the keys and values of a mapping, telling duplicates.
func (d *decoder) pairs(n *yaml.Node) func(func(*yaml.Node, *yaml.Node) bool) {
	return func(yield func(*yaml.Node, *yaml.Node) bool) {
		first := map[string]int{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key, value := n.Content[i], n.Content[i+1]
			if key.Kind != yaml.ScalarNode {
				d.fault(key, "a field's name must be a text")
				continue
			}
			if line, dup := first[key.Value]; dup {
				d.fault(key, "field %q is here twice (first on line %d)", key.Value, line)
				continue
			}
			first[key.Value] = key.Line
			if value.Kind == yaml.AliasNode {
				value = value.Alias
			}
			if !yield(key, value) {
				return
			}
		}
	}
}
