package heal

import (
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"

	"pipe/specs"
	"pipe/specs/document"
)

// replace gives the text of a spec in which one of a target's alternatives is another, and
// every other byte is as it was.
func replace(src []byte, at specs.TargetAt, alternative int, with specs.LocatorText) ([]byte, error) {
	value, err := valueOf(src, at)
	path := at.Path
	if err != nil {
		return nil, err
	}
	if value.Kind == yaml.MappingNode && len(value.Content) == 2 && value.Content[0].Value == "selector" && value.Content[1].Kind == yaml.SequenceNode {
		value, path = value.Content[1], path+".selector"
	}
	switch {
	case value.Kind == yaml.SequenceNode:
		return document.Replace(src, fmt.Sprintf("%s[%d]", path, alternative), nodeOf(with))
	case value.Kind == yaml.MappingNode && onlySelector(with) && document.Find(value, "selector") != value:
		return document.Replace(src, path+".selector", nodeOf(with))
	case at.Step != nil:
		field := strings.TrimPrefix(strings.TrimPrefix(at.Path, at.Step.Path), ".")
		return specs.ReplaceTarget(src, at.Step, field, []specs.LocatorText{with})
	case value.Kind == yaml.MappingNode:
		return document.Replace(src, path, besideOthers(value, with))
	default:
		return document.Replace(src, path, nodeOf(with))
	}
}

// onlySelector tells of a locator that is no more than a selector.
func onlySelector(l specs.LocatorText) bool {
	return l.Selector != "" && l.Nth == nil && len(l.Frame) == 0
}

// nodeOf writes a locator, a selector with quotes within others.
func nodeOf(l specs.LocatorText) *yaml.Node {
	n := l.Node()
	if n.Kind == yaml.ScalarNode && strings.Contains(n.Value, `"`) && !strings.Contains(n.Value, "'") {
		n.Style = yaml.SingleQuotedStyle
	}
	return n
}

// besideOthers writes a locator in the place of the one that is a mapping's, among keys
// that are none.
func besideOthers(value *yaml.Node, l specs.LocatorText) *yaml.Node {
	n := nodeOf(l)
	if n.Kind == yaml.ScalarNode {
		n = &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{{Kind: yaml.ScalarNode, Value: "selector"}, n}}
	}
	n.Style = value.Style
	for i := 0; i+1 < len(value.Content); i += 2 {
		if !isLocatorKey(value.Content[i].Value) {
			n.Content = append(n.Content, value.Content[i], value.Content[i+1])
		}
	}
	return n
}

func isLocatorKey(key string) bool {
	switch key {
	case "selector", "role", "name", "label", "text", "placeholder", "test_id", "exact", "nth", "frame":
		return true
	}
	return false
}

// valueOf gives the value that a target stands in.
func valueOf(src []byte, at specs.TargetAt) (*yaml.Node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(strings.TrimPrefix(string(src), "\ufeff")), &doc); err != nil || len(doc.Content) == 0 {
		return nil, fmt.Errorf("reading the spec: %w", err)
	}
	n := doc.Content[0]
	for _, name := range strings.FieldsFunc(at.Path, func(r rune) bool { return r == '.' || r == '[' || r == ']' }) {
		next := child(n, name)
		if next == nil {
			return nil, fmt.Errorf("%s: %s does not stand in the spec's own text: it comes by a block, an include or a profile", at.Path, name)
		}
		n = next
	}
	return n, nil
}

func child(n *yaml.Node, name string) *yaml.Node {
	var at int
	if _, err := fmt.Sscanf(name, "%d", &at); err == nil && n.Kind == yaml.SequenceNode {
		if at < len(n.Content) {
			return n.Content[at]
		}
		return nil
	}
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i+1]
		}
	}
	return nil
}
