package specs

import (
	"gopkg.in/yaml.v3"

	"pipe/specs/document"
	"pipe/specs/expr"
)

// Table reads the items from the rows of a page of the site, or of several.
type Table struct {
	Goto     expr.Address `yaml:"goto" doc:"the address of the page, opened first"`
	Steps    []Step       `yaml:"steps" doc:"the steps to the table"`
	Rows     Target       `yaml:"rows" required:"true" doc:"the rows, each of which is an item"`
	Fields   Fields       `yaml:"fields" required:"true" doc:"the item's columns and what they are read from, within the row"`
	Absent   string       `yaml:"absent" enum:"fail,empty" default:"fail" doc:"whether it is a failure when there is no row within timeouts.step, or just no item"`
	Paginate *Paging      `yaml:"paginate" doc:"how the pages of the table are turned; default: there is one"`
	Timeout  Duration     `yaml:"timeout" doc:"for all of it; default timeouts.source"`
}

type plainTable Table

func (t *Table) decodeNode(d *decoder, n *yaml.Node, at cursor) {
	d.decode(n, reflectOf((*plainTable)(t)), at)
	if n.Kind != yaml.MappingNode {
		return
	}
	if t.Goto.Empty() && len(t.Steps) == 0 {
		d.Fault(n, "say where the table is: give goto, or steps")
	}
	if t.Paginate != nil {
		if fault := t.Paginate.Fault(); fault != "" {
			d.FaultAt(d.Pos(document.Find(n, "paginate")), at.field("paginate").path, "%s", fault)
		}
	}
	d.env.Item = []string{}
	for _, f := range t.Fields {
		if f.Read.RowsOf != nil {
			d.FaultAt(f.Pos, at.field("fields").field(f.Name).path, "a column is one value, and rows_of gives a list: read its text, or collect the items by steps")
		}
		d.env.Item = append(d.env.Item, f.Name)
	}
}
