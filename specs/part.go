package specs

import (
	"gopkg.in/yaml.v3"
)

// CheckPart reads a file that is for specs to include: a list of steps, or a
// mapping of blocks and vars. It tells whether it is one; the error is a Faults
// with what is wrong with it, whatever specs include it.
func CheckPart(file string, src []byte, opts Options) (bool, error) {
	d := newDecoder(file, src, &opts)
	root := d.parse(d.texts[0], src)
	if !isPart(root) {
		return false, nil
	}
	d.readPart(root)
	if len(d.faults) > 0 {
		return true, d.told()
	}
	return true, nil
}

// isPart tells a part of specs from a spec, or what should be one.
func isPart(root *yaml.Node) bool {
	if root == nil || root.Kind != yaml.MappingNode {
		return root != nil && root.Kind == yaml.SequenceNode && len(root.Content) > 0
	}
	for _, key := range []string{"name", "key", "source", "download", "navigate", "login"} {
		if has(root, key) {
			return false
		}
	}
	return has(root, "blocks") || has(root, "vars") || has(root, "include")
}

// readPart reads a part of specs by itself. What only the specs know that
// include it may be named in it.
func (d *decoder) readPart(root *yaml.Node) {
	d.spec, d.parts.open, d.env.open, d.again = &Spec{}, true, true, map[Fault]bool{}
	if root.Kind == yaml.SequenceNode {
		var list []Step
		d.decode(root, reflectOf(&list), cursor{path: "steps", scope: ScopeItem})
	} else {
		shared := &Shared{}
		d.compose(root)
		d.decode(root, reflectOf(shared), cursor{scope: ScopeSpec})
		d.spec.Vars = shared.Vars
		d.addVars(d.spec)
	}
	d.readUnused()
	d.finish()
}
