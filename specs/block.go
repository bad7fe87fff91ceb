package specs

import (
	"regexp"
	"slices"

	"gopkg.in/yaml.v3"

	"pipe/specs/document"
	"pipe/specs/expr"
)

// Blocks are lists of steps by their names, for `use`.
type Blocks map[string]*Block

// Block is a list of steps with parameters.
type Block struct {
	Params Params `yaml:"params" doc:"the names of its parameters, known to its steps as params.NAME; each with its default, or {default, doc}, or nothing when it must be given"`
	Steps  []Step `yaml:"steps" required:"true" doc:"its steps; blocks may use blocks"`
}

// Params are the parameters of a block.
type Params map[string]*Param

// Param is a parameter of a block.
type Param struct {
	Default expr.Template `yaml:"default" short:"true" doc:"its value where a use gives none; without it, every use must"`
	Doc     string        `yaml:"doc" doc:"a sentence for people"`
}

// decodeNode does nothing: blocks are read before all else, since steps anywhere may
// use them.
func (*Blocks) decodeNode(*decoder, *yaml.Node, cursor) {}

// block is a block as it is read: its steps are read anew for each use, as what
// its parameters are is known there.
type block struct {
	name   string
	steps  *yaml.Node
	path   string
	params []*param
	// signature is what their expressions know of the parameters.
	signature *expr.Signature
	// own is true for one of the spec itself, used once steps use it.
	own, used bool
}

type param struct {
	name string
	// key is its place, value its default, nil for none.
	key, value *yaml.Node
}

var (
	// BlockName is what a block can be called.
	BlockName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,59}$`)
	// ParamName is what a parameter can be called.
	ParamName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,59}$`)
)

// readBlocks takes in the blocks of a spec, or of a file that it includes.
func (d *decoder) readBlocks(n *yaml.Node, own bool) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	d.Path = "blocks"
	if n.Kind != yaml.MappingNode {
		d.Fault(n, "want a mapping of names to blocks, not %s", document.Describe(n))
		return
	}
	for key, value := range d.Pairs(n) {
		d.Path = "blocks"
		if !BlockName.MatchString(key.Value) {
			d.Fault(key, "%q cannot name a block: use letters, digits, dashes and underscores, 60 at most", document.Shorten(key.Value, 60))
			continue
		}
		b := &block{name: key.Value, path: "blocks." + key.Value, own: own, signature: &expr.Signature{Used: map[string]bool{}}}
		d.readBlock(b, value)
		if before := d.parts.blocks[b.name]; before == nil {
			d.parts.blocks[b.name] = b
			d.parts.names = append(d.parts.names, b.name)
		} else if !before.own {
			d.Fault(key, "a file that is included too has a block %q (at %s): rename one of them", b.name, d.Pos(before.steps))
		}
	}
}

func (d *decoder) readBlock(b *block, n *yaml.Node) {
	d.Path = b.path
	b.steps = &yaml.Node{Kind: yaml.SequenceNode, Line: n.Line, Column: n.Column}
	if n.Kind != yaml.MappingNode {
		d.Fault(n, "want a mapping with params and steps, not %s", document.Describe(n))
		return
	}
	known := []string{"params", "steps"}
	d.order[n] = known
	found := map[string]*yaml.Node{}
	for key, value := range d.Pairs(n) {
		found[key.Value] = value
		if !slices.Contains(known, key.Value) {
			d.Fault(key, "unknown field %q%s", key.Value, document.DidYouMean(key.Value, known))
		}
	}
	if params := found["params"]; params != nil {
		d.readParams(b, params)
	}
	d.Path = b.path
	if found["steps"] == nil {
		d.Fault(n, "field \"steps\" is missing")
		return
	}
	b.steps = found["steps"]
}

func (d *decoder) readParams(b *block, n *yaml.Node) {
	d.Path = b.path + ".params"
	if n.Kind != yaml.MappingNode {
		d.Fault(n, "want a mapping of names to defaults, or to nothing, not %s", document.Describe(n))
		return
	}
	for key, value := range d.Pairs(n) {
		if !ParamName.MatchString(key.Value) {
			d.Fault(key, "%q cannot name a parameter: use letters, digits and underscores", document.Shorten(key.Value, 60))
			continue
		}
		p := &param{name: key.Value, key: key, value: value}
		switch {
		case value.Tag == "!!null":
			p.value = nil
		case value.Kind == yaml.MappingNode:
			d.decode(value, reflectOf(&Param{}), cursor{path: d.Path + "." + p.name, scope: expr.ScopeItem, call: &expr.BlockCall{Block: b.signature}})
			if p.value = document.Find(value, "default"); p.value == value {
				p.value = nil
			}
		}
		b.params = append(b.params, p)
		b.signature.Names = append(b.signature.Names, p.name)
	}
}

// readUnused reads the blocks that no step uses, for what is wrong with them.
func (d *decoder) readUnused() {
	for _, name := range d.parts.names {
		b := d.parts.blocks[name]
		if b.used {
			continue
		}
		at := cursor{path: b.path + ".steps", scope: expr.ScopeItem, call: &expr.BlockCall{Block: b.signature}}
		d.Path = at.path
		var list []Step
		for _, one := range d.within(link{"the block \"" + b.name + "\" uses", b.name}, b.steps, b.steps, at) {
			list = append(list, Step{})
			d.decode(one.node, reflectOf(&list[len(list)-1]), one.at)
		}
	}
}

// checkParams finds parameters that no step of their block has a use for, once
// nothing else is wrong.
func (d *decoder) checkParams() {
	if len(d.Faults) > 0 {
		return
	}
	for _, name := range d.parts.names {
		b := d.parts.blocks[name]
		for _, p := range b.params {
			if !b.signature.Used[p.name] {
				d.FaultAt(d.Pos(p.key), b.path+".params", "no step of the block has params.%s: take it out, or use it", p.name)
			}
		}
	}
}

// bind holds the values that a use gives against a block's parameters.
func (d *decoder) bind(b *block, use, with *yaml.Node, at cursor) *expr.BlockCall {
	f := &expr.BlockCall{Block: b.signature, Scope: at.scope, Values: map[string]*expr.Template{}}
	if with != nil && with.Kind != yaml.MappingNode {
		d.Fault(with, "want a mapping of parameters to values, not %s", document.Describe(with))
		return f
	}
	given := map[string]bool{}
	if with != nil {
		for key, value := range d.Pairs(with) {
			d.Path = at.path
			if given[key.Value] = slices.Contains(b.signature.Names, key.Value); !given[key.Value] {
				d.Fault(key, "the block %q has no parameter %q%s", b.name, document.Shorten(key.Value, 60), document.DidYouMean(key.Value, b.signature.Names))
				continue
			}
			f.Values[key.Value] = &expr.Template{}
			d.decode(value, reflectOf(f.Values[key.Value]), at.field("with").field(key.Value))
		}
	}
	d.Path = at.path
	for _, p := range b.params {
		switch {
		case given[p.name]:
		case p.value == nil:
			d.Fault(use, "the block %q must be given its parameter %q: with: {%s: …}", b.name, p.name, p.name)
		default:
			f.Values[p.name] = &expr.Template{}
			d.decode(p.value, reflectOf(f.Values[p.name]), cursor{path: b.path + ".params." + p.name, scope: at.scope})
		}
	}
	return f
}
