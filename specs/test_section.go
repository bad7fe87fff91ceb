package specs

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"pipe/specs/document"
)

// Test says what `pipe test --record` records.
type Test struct {
	Items []string `yaml:"items" example:"24K0173" doc:"the keys of the items that are recorded; default: the first three"`
	Scrub []string `yaml:"scrub" example:"item.buyer" doc:"columns of items, as item.buyer, and fields of the record, as record.phone, whose values are replaced in the recording, wherever they stand"`
}

// CheckScrub finds what is wrong with the name of a column that is replaced.
func (s *Spec) CheckScrub(column string) (fault string) {
	of, name, _ := strings.Cut(column, ".")
	switch {
	case name == "" || of != "item" && of != "record":
		return "want a column such as item.buyer, or a field such as record.phone"
	case of == "record" && !slices.ContainsFunc(s.Record.Fields, func(f Field) bool { return f.Name == name }):
		var names []string
		for _, f := range s.Record.Fields {
			names = append(names, f.Name)
		}
		return "the record has no field " + name + document.DidYouMean(name, names)
	}
	return ""
}

func (d *decoder) checkTest(root *yaml.Node, s *Spec) {
	list := document.Find(document.Find(root, "test"), "scrub")
	for i, column := range s.Test.Scrub {
		at := list
		if list.Kind == yaml.SequenceNode && i < len(list.Content) {
			at = list.Content[i]
		}
		if fault := s.CheckScrub(column); fault != "" {
			d.FaultAt(d.Pos(at), "test.scrub", "%s", fault)
		}
	}
}
