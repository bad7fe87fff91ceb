package specs

import (
	"errors"
	"reflect"
	"slices"

	"gopkg.in/yaml.v3"

	"pipe/specs/definition"
	"pipe/specs/document"
)

// TargetFields names the fields of a step in which it has a target, in the order of the
// verb's: "" for the target that stands behind the verb itself, as in click: "#go".
func TargetFields(step *Step) []string {
	var names []string
	v := reflect.ValueOf(step.Do).Elem()
	for _, f := range definition.Fields(v.Type()) {
		if t, is := v.FieldByIndex(f.Index).Interface().(Target); is && t.Given() {
			names = append(names, f.Key)
		}
	}
	return names
}

// ReplaceTarget gives the text of a spec in which a target of a step is another: the
// alternatives with. The field is one of [TargetFields]. src is the text of the file that
// the step stands in (step.Pos.File), which may be one that the spec includes. What else the
// step says stays, and every comment. The error is told where the target comes by an alias,
// or is shared with other steps by an anchor.
func ReplaceTarget(src []byte, step *Step, field string, with []LocatorText) ([]byte, error) {
	if !slices.Contains(TargetFields(step), field) {
		return nil, errors.New("the step has no target there")
	}
	v, err := document.ValueAt(src, step.Pos)
	switch {
	case err != nil:
		return nil, err
	case v.Kind != yaml.MappingNode:
		return document.ReplaceAt(src, step.Pos, "", TargetNode(with))
	case field != "":
		return document.ReplaceAt(src, step.Pos, field, TargetNode(with))
	}
	own := ownFields(step)
	var drop []string
	for i := 0; i < len(v.Content); i += 2 {
		if key := v.Content[i].Value; isLocatorKey(key) && !slices.Contains(own, key) {
			drop = append(drop, key)
		}
	}
	if 2*len(drop) == len(v.Content) {
		return document.ReplaceAt(src, step.Pos, "", TargetNode(with))
	}
	return document.ReplaceEntries(src, step.Pos, drop, entriesOf(with, own))
}

// ownFields are the fields of a step's verb that are none of its target's.
func ownFields(step *Step) []string {
	var names []string
	for _, f := range definition.Fields(reflect.TypeOf(step.Do).Elem()) {
		if !f.Inline {
			names = append(names, f.Key)
		}
	}
	return names
}

// entriesOf writes a target as fields among others: its own, or, where they are several
// locators, or one whose field the verb has too, a list of them as its selector.
func entriesOf(with []LocatorText, own []string) []*yaml.Node {
	selector := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: "selector"}
	n := TargetNode(with)
	if n.Kind == yaml.ScalarNode {
		return []*yaml.Node{selector, n}
	}
	taken := n.Kind == yaml.SequenceNode
	for i := 0; !taken && i < len(n.Content); i += 2 {
		taken = slices.Contains(own, n.Content[i].Value)
	}
	switch {
	case !taken:
		return n.Content
	case n.Kind == yaml.MappingNode:
		n = &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Style: yaml.FlowStyle, Content: []*yaml.Node{n}}
	}
	return []*yaml.Node{selector, n}
}
