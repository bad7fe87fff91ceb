package specs

import (
	"gopkg.in/yaml.v3"

	"pipe/specs/document"
	"pipe/specs/expr"
)

// Table reads the items from the rows of a page of the site, or of several.
type Table struct {
	Each  *Lists       `yaml:"each" doc:"several lists, as one of each company or month: all that follows is done for each value of a list"`
	Goto  expr.Address `yaml:"goto" doc:"the address of the page, opened first"`
	Until *Until       `yaml:"until" doc:"how far that page must have come"`
	Steps []Step       `yaml:"steps" doc:"the steps to the table"`
	RowsOf
	Absent   string   `yaml:"absent" enum:"fail,empty" default:"fail" doc:"whether it is a failure when there is no row within timeouts.step, or just no item"`
	Total    *Total   `yaml:"total" doc:"what tells how many rows there are in all, as in paginate, also where there is one page"`
	Paginate *Paging  `yaml:"paginate" doc:"how the pages of the table are turned; default: there is one"`
	Timeout  Duration `yaml:"timeout" doc:"for one reading of the list; default timeouts.source"`
}

// Lists are the values for each of which a table is read.
type Lists struct {
	Steps []Step          `yaml:"steps" doc:"the steps that find the values, as with extract and rows_of"`
	In    []expr.Template `yaml:"in" required:"true" doc:"the values: an expression that gives a list, or a list of texts"`
	As    VarName         `yaml:"as" required:"true" doc:"the name under which goto, steps, rows and fields know the value, as vars.NAME"`
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
