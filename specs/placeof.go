package specs

import (
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// PlaceOf gives the place of what a path such as record.fields.vin or
// download[1] leads to: that of the last of its parts that is in the file.
func (s *Spec) PlaceOf(path string) Pos {
	at := Pos{File: s.File, Line: 1, Col: 1}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(strings.Join(s.texts[0].lines, "\n")), &doc); err != nil || len(doc.Content) == 0 {
		return at // it has been read once
	}
	n := doc.Content[0]
	for _, name := range strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' }) {
		key, value := child(n, name)
		if key == nil {
			return at
		}
		n, at.Line, at.Col = value, key.Line, key.Column
	}
	return at
}

// child gives what goes by a name, or an index, in a node, and where it stands.
func child(n *yaml.Node, name string) (key, value *yaml.Node) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if i, err := strconv.Atoi(name); err == nil && n.Kind == yaml.SequenceNode && i < len(n.Content) {
		return n.Content[i], n.Content[i]
	}
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i], n.Content[i+1]
		}
	}
	return nil, nil
}
