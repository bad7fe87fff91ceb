package specs

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"pipe/specs/document"
	"pipe/specs/expr"
)

// Use stands in a list of steps for the steps of a block.
type Use struct {
	Use  string `yaml:"use" required:"true" doc:"the block's name"`
	With Args   `yaml:"with" doc:"values for the block's parameters; their expressions know what is known where the block is used, and are evaluated when a step of the block needs them"`
}

// Include stands in a list of steps for the steps of a file.
type Include struct {
	Include string `yaml:"include" required:"true" doc:"a file that is a list of steps; its path is relative to the folder of the file that it stands in"`
}

// Args are values by the names of parameters.
type Args map[string]*expr.Template

// placed is a step's node and where it is.
type placed struct {
	node *yaml.Node
	at   cursor
}

// decodeSteps reads a list of steps, in which blocks and files may stand for
// theirs. Every list of steps comes this way.
func (d *decoder) decodeSteps(n *yaml.Node, v reflect.Value, at cursor) {
	partial, path := d.partial, d.Path
	d.partial = false
	list := d.flatten(n, at)
	d.Path = path
	// The whole slice first: late checks keep the addresses of its elements.
	v.Set(reflect.MakeSlice(v.Type(), len(list), len(list)))
	for i, one := range list {
		d.decode(one.node, v.Index(i), one.at)
	}
	d.partial = partial
}

// flatten gives the steps of a list, with those of the blocks and files in it.
func (d *decoder) flatten(n *yaml.Node, at cursor) []placed {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind != yaml.SequenceNode {
		return d.expand(n, at)
	}
	var out []placed
	for i, item := range n.Content {
		out = append(out, d.expand(item, at.index(i))...)
	}
	return out
}

// expand gives the steps that one entry of a list stands for.
func (d *decoder) expand(n *yaml.Node, at cursor) []placed {
	whole := n
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	stands := n.Kind == yaml.MappingNode && (document.Has(n, "use") || document.Has(n, "include"))
	switch {
	case !stands:
		return []placed{{whole, at}}
	case !d.visit(n):
		return nil
	}
	d.Path = at.path
	if document.Has(n, "use") {
		return d.expandUse(n, at)
	}
	return d.expandInclude(n, at)
}

// standIn gives the values of an entry that stands for steps, by their keys.
func (d *decoder) standIn(n *yaml.Node, known ...string) map[string]*yaml.Node {
	d.order[n] = known
	found := map[string]*yaml.Node{}
	for key, value := range d.Pairs(n) {
		switch {
		case slices.Contains(known, key.Value):
			found[key.Value] = value
		case slices.Contains(Modifiers(), key.Value):
			d.Fault(key, "%q does not go on %s: give it to the steps that it stands for", key.Value, known[0])
		default:
			d.Fault(key, "%q does not go with %s%s", key.Value, known[0], document.DidYouMean(key.Value, known))
		}
	}
	return found
}

func (d *decoder) expandUse(n *yaml.Node, at cursor) []placed {
	given := d.standIn(n, "use", "with")
	name := given["use"]
	if name.Kind != yaml.ScalarNode || name.Tag == "!!null" {
		d.Fault(name, "want a block's name, not %s; with goes beside use", document.Describe(name))
		return nil
	}
	b := d.parts.blocks[name.Value]
	if b == nil {
		if !d.parts.open {
			d.Fault(name, "there is no block %q%s", document.Shorten(name.Value, 60), d.suggestBlock(name.Value))
		}
		return nil
	}
	b.used = true
	inner := at
	inner.path = at.path + "." + b.name
	inner.call = d.bind(b, name, given["with"], at)
	d.Path = at.path
	return d.within(link{"the block " + fmt.Sprintf("%q uses", b.name), b.name}, name, b.steps, inner)
}

func (d *decoder) suggestBlock(name string) string {
	if len(d.parts.names) == 0 {
		return ": the spec has no blocks"
	}
	return document.DidYouMean(name, d.parts.names)
}

func (d *decoder) expandInclude(n *yaml.Node, at cursor) []placed {
	path := d.standIn(n, "include")["include"]
	at.path += ".include"
	d.Path = at.path
	if d.parts.lax {
		return nil
	}
	file := d.Open(path)
	if file == nil {
		return nil
	}
	if file.Root.Kind != yaml.SequenceNode {
		d.Fault(path, "%s is no list of steps; blocks and vars of a file come in by include at the top of the spec", file.Name)
		return nil
	}
	return d.within(link{"the file includes", file.Name}, path, file.Root, at)
}

// link is a block or a file within which the decoder is.
type link struct{ does, name string }

// within gives the steps of a block or a file, unless it is within itself.
func (d *decoder) within(l link, at *yaml.Node, list *yaml.Node, inner cursor) []placed {
	chain := d.parts.chain
	if i := slices.Index(chain, l); i >= 0 || len(chain) == chainMost {
		if i < 0 {
			d.Fault(at, "blocks and files are nested too deep: %d within one another at most", chainMost)
		} else if !d.parts.told[l] {
			var way []string
			for _, each := range append(chain[i:len(chain):len(chain)], l) {
				d.parts.told[each] = true
				way = append(way, each.name)
			}
			d.Fault(at, "%s itself: %s", l.does, strings.Join(way, " → "))
		}
		return nil
	}
	d.parts.chain = append(d.parts.chain, l)
	out := d.flatten(list, inner)
	d.parts.chain = chain
	return out
}
