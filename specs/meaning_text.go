package specs

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// String gives what a part says as YAML on one line, without what is so anyway.
func (m *meaning) String() string {
	if m == nil {
		return ""
	}
	text, err := yaml.Marshal(m.node())
	if err != nil {
		panic(err) // a node of our own making
	}
	return strings.TrimSuffix(string(text), "\n")
}

func (m *meaning) node() *yaml.Node {
	switch m.kind {
	case listMeaning, targetMeaning:
		if m.kind == targetMeaning && len(m.parts) == 1 {
			return m.parts[0].node()
		}
		list := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Style: yaml.FlowStyle}
		for _, one := range m.parts {
			list.Content = append(list.Content, one.node())
		}
		return list
	case fieldsMeaning:
		return m.fieldsNode()
	}
	n := &yaml.Node{Kind: yaml.ScalarNode, Value: m.text}
	if m.isText {
		n.Tag, n.Style = "!!str", 0
		if strings.ContainsAny(m.text, "\n\r#") {
			n.Style = yaml.DoubleQuotedStyle
		}
	}
	return n
}

// fieldsNode writes fields as a mapping, or the one that may stand for all by itself.
func (m *meaning) fieldsNode() *yaml.Node {
	var said []*meaning
	for _, one := range m.parts {
		if !one.standard {
			said = append(said, one)
		}
	}
	if len(said) == 1 && (said[0].key == "" || said[0].short) {
		return said[0].node()
	}
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Style: yaml.FlowStyle}
	for _, one := range said {
		value := one.node()
		key := one.key
		switch {
		case key != "":
		case value.Kind == yaml.MappingNode:
			n.Content = append(n.Content, value.Content...)
			continue
		default:
			key = "selector"
		}
		n.Content = append(n.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: key}, value)
	}
	return n
}
