package specs

import (
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"pipe/specs/document"
	"pipe/specs/expr"
)

// checkName finds what can be known to be wrong with a file's name before its
// expressions have values: of a template whose tag path is set. With "each",
// every item must get a name of its own.
func (d *decoder) checkName(n *yaml.Node, v reflect.Value, tag string, at cursor) {
	t, ok := v.Addr().Interface().(*expr.Template)
	if !ok || tag == "" || n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		return
	}
	fault := func(message string) { d.FaultAt(d.Pos(n), at.path, "%s", message) }
	// What an expression gives is unknown, but not nothing.
	name := t.Literal("\x00")
	folders := strings.Split(name, "/")
	switch {
	case strings.TrimSpace(name) == "":
		fault("the file's name is empty")
	case document.AbsolutePath(name):
		fault("the file's name is absolute: it is relative to the folder of the files")
	case strings.Contains(name, `\`):
		fault(`a file's name has no \: write / for a folder in the folder of the files`)
	case slices.Contains(folders, "..") || slices.Contains(folders, "."):
		fault("the file's name leaves the folder of the files, or goes round in it: take out the .. and .")
	case slices.Contains(folders, ""):
		fault("a part of the file's name is empty: take out one /, or name the file after the last")
	case tag == "each":
		d.late = append(d.late, func() { d.checkEach(n, t, at) })
	}
}

// checkEach finds a name that is the same for every item, though there may be
// many. It comes last, when keys and items are known.
func (d *decoder) checkEach(n *yaml.Node, t *expr.Template, at cursor) {
	if !d.oneItem() && !d.env.Varies(*t) && d.perItem(at) {
		d.FaultAt(d.Pos(n), at.path, "every item's file would be named %q: put what sets items apart into it, as %s", t.Raw(), d.suggestName(t))
	}
}

// oneItem tells a spec that can only have one item.
func (d *decoder) oneItem() bool {
	items := d.spec.Source.Items
	return items != nil && len(*items) <= 1 || !d.env.Varies(d.spec.Key)
}

// perItem tells a place where steps run for each item from one where they run
// for a session.
func (d *decoder) perItem(at cursor) bool {
	scope, _ := at.scope.Base()
	return scope != expr.ScopeSession && scope != expr.ScopeSpec
}

// suggestName puts the key before a name.
func (d *decoder) suggestName(t *expr.Template) string {
	if strings.HasPrefix(t.Raw(), ".") {
		return d.spec.Key.Raw() + t.Raw()
	}
	return d.spec.Key.Raw() + "-" + t.Raw()
}
