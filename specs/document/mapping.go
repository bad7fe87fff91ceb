package document

import (
	"iter"
	"slices"

	"gopkg.in/yaml.v3"
)

// Pairs gives the keys and values of a mapping, telling duplicates. What is
// merged into it by << comes last, without the keys that it has itself.
func (r *Reader) Pairs(n *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	var all []*yaml.Node
	r.gather(n, merging{first: map[string]origin{}, done: map[*yaml.Node]bool{}}, nil, &all)
	return func(yield func(*yaml.Node, *yaml.Node) bool) {
		for i := 0; i+1 < len(all); i += 2 {
			if !yield(all[i], all[i+1]) {
				return
			}
		}
	}
}

// merging is what is known while mappings are merged into one.
type merging struct {
	first map[string]origin
	// done are the mappings whose keys are in already: they have nothing to add.
	done map[*yaml.Node]bool
}

// origin is where a key was first met.
type origin struct{ key, of *yaml.Node }

// gather adds a mapping's pairs to all. within are the mappings that it is
// merged into.
func (r *Reader) gather(n *yaml.Node, m merging, within []*yaml.Node, all *[]*yaml.Node) {
	if slices.Contains(within, n) || len(within) > MaxDepth {
		r.Fault(n, "the mapping is merged into itself")
		return
	}
	if m.done[n] {
		return
	}
	m.done[n] = true
	var merges []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			r.Fault(key, "a field's name must be a text")
			continue
		}
		if key.Value == "<<" && key.Tag == "!!merge" {
			merges = append(merges, value)
			continue
		}
		if before, dup := m.first[key.Value]; dup {
			if before.of == n {
				r.Fault(key, "field %q is here twice (first on line %d)", key.Value, r.Pos(before.key).Line)
			}
			continue
		}
		m.first[key.Value] = origin{key, n}
		if value.Kind == yaml.AliasNode {
			value = value.Alias
		}
		*all = append(*all, key, value)
	}
	for _, one := range merges {
		r.merge(one, m, append(within, n), all)
	}
}

// merge adds what stands behind <<: a mapping, an alias of one, or a list.
func (r *Reader) merge(n *yaml.Node, m merging, within []*yaml.Node, all *[]*yaml.Node) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	switch n.Kind {
	case yaml.MappingNode:
		r.gather(n, m, within, all)
	case yaml.SequenceNode:
		for _, one := range n.Content {
			if one.Kind == yaml.AliasNode {
				one = one.Alias
			}
			if one.Kind != yaml.MappingNode {
				r.Fault(one, "want a mapping to merge, not %s", Describe(one))
				continue
			}
			r.gather(one, m, within, all)
		}
	default:
		r.Fault(n, "want a mapping to merge, not %s", Describe(n))
	}
}

// Find gives the value of a key of a mapping, or the mapping itself.
func Find(root *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value == key {
			return root.Content[i+1]
		}
	}
	return root
}

// Has tells whether a mapping has a key of its own.
func Has(n *yaml.Node, key string) bool { return Find(n, key) != n }
