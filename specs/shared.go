package specs

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"pipe/specs/document"
)

// Shared is a file of blocks and vars that specs include at their top.
type Shared struct {
	Include []string `yaml:"include" doc:"more such files"`
	Blocks  Blocks   `yaml:"blocks" doc:"lists of steps by name"`
	Vars    Vars     `yaml:"vars" scope:"spec" doc:"values for expressions"`
}

// parts are what a spec is made of besides its own sections.
type parts struct {
	blocks map[string]*block
	// names are those of the blocks, in order.
	names []string
	// vars are the keys and values that included files bring.
	vars []*yaml.Node
	// chain is what the decoder is within, told what is in a cycle that is told.
	chain []link
	told  map[link]bool
	// open is true for a part by itself, which may name what only the specs
	// know that include it; lax when the files are not read.
	open, lax bool
}

func newParts() parts {
	return parts{blocks: map[string]*block{}, told: map[link]bool{}}
}

// collect takes in the blocks and vars that a spec, or a file that it includes,
// has and includes. What a spec has itself goes before.
func (d *decoder) collect(root *yaml.Node, own bool) {
	if blocks := document.Find(root, "blocks"); blocks != root {
		d.readBlocks(blocks, own)
	}
	if vars := document.Find(root, "vars"); vars != root && !own {
		d.shareVars(vars)
	}
	list := document.Find(root, "include")
	if list == root || d.parts.lax {
		return
	}
	paths := []*yaml.Node{list}
	if list.Kind == yaml.SequenceNode {
		paths = list.Content
	}
	for _, path := range paths {
		d.Path = "include"
		if path.Kind == yaml.ScalarNode && path.Tag != "!!null" {
			d.collectFrom(path)
		}
	}
}

func (d *decoder) shareVars(vars *yaml.Node) {
	d.Path = "vars"
	if vars.Kind != yaml.MappingNode {
		d.Fault(vars, "want a mapping of names to values, not %s", document.Describe(vars))
		return
	}
	for key, value := range d.Pairs(vars) {
		d.parts.vars = append(d.parts.vars, key, value)
	}
}

func (d *decoder) collectFrom(path *yaml.Node) {
	l := link{"the file includes", d.Resolve(path)}
	before := d.Included[l.name]
	file := d.Open(path)
	if file == nil || before != nil && !slices.Contains(d.parts.chain, l) {
		return // it is in already
	}
	if file.Root.Kind != yaml.MappingNode {
		d.Fault(path, "%s is a list of steps: include it where they are to run; at the top stand files of blocks and vars", file.Name)
		return
	}
	chain := d.parts.chain
	if i := slices.Index(chain, l); i >= 0 {
		var way []string
		for _, each := range append(chain[i:len(chain):len(chain)], l) {
			way = append(way, each.name)
		}
		d.Fault(path, "%s itself: %s", l.does, strings.Join(way, " → "))
		return
	}
	known := []string{"include", "blocks", "vars"}
	for key := range d.Pairs(file.Root) {
		if !slices.Contains(known, key.Value) {
			d.Path = ""
			d.Fault(key, "a file that is included has include, blocks and vars, and no %q%s", document.Shorten(key.Value, 60), document.DidYouMean(key.Value, known))
		}
	}
	d.parts.chain = append(d.parts.chain, l)
	d.collect(file.Root, false)
	d.parts.chain = chain
}
