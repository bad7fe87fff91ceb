package specs

import (
	"gopkg.in/yaml.v3"

	"pipe/specs/document"
	"pipe/specs/expr"
)

// CheckPart reads a file that is for specs to include: a list of steps, or a
// mapping of blocks and vars. It tells whether it is one; the error is a Faults
// with what is wrong with it, whatever specs include it.
func CheckPart(file string, src []byte, opts Options) (bool, error) {
	d := newDecoder(file, src, &opts)
	root := d.Parse(d.Texts[0], src)
	if !isPart(root) {
		return false, nil
	}
	d.readPart(root)
	if len(d.Faults) > 0 {
		return true, d.Told()
	}
	return true, nil
}

// isPart tells a part of specs from a spec, or what should be one.
func isPart(root *yaml.Node) bool {
	if root == nil || root.Kind != yaml.MappingNode {
		return root != nil && root.Kind == yaml.SequenceNode && len(root.Content) > 0
	}
	for _, key := range []string{"name", "key", "source", "download", "navigate", "login"} {
		if document.Has(root, key) {
			return false
		}
	}
	return document.Has(root, "blocks") || document.Has(root, "vars") || document.Has(root, "include")
}

// readPart reads a part of specs by itself. What only the specs know that
// include it may be named in it.
func (d *decoder) readPart(root *yaml.Node) {
	d.spec, d.parts.open, d.env.Open, d.Once = &Spec{}, true, true, map[document.Fault]bool{}
	if root.Kind == yaml.SequenceNode {
		var list []Step
		d.decode(root, reflectOf(&list), cursor{path: "steps", scope: expr.ScopeItem})
	} else {
		shared := &Shared{}
		d.compose(root)
		d.decode(root, reflectOf(shared), cursor{scope: expr.ScopeSpec})
		d.spec.Vars = shared.Vars
		d.addVars(d.spec)
	}
	d.readUnused()
	d.finish()
}
