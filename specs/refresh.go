package specs

import (
	"gopkg.in/yaml.v3"

	"pipe/specs/document"
	"pipe/specs/expr"
)

// Refresh says when a done item is due again. Until it is done again its old
// files and record stand.
type Refresh struct {
	On    string   `yaml:"on" short:"true" enum:"changed,always" doc:"changed: when the source's row has other values than the item was done with; always: in every run, but for what an unfinished one has done already"`
	Of    []string `yaml:"of" example:"price" doc:"with changed: the columns that count; default: all"`
	After Duration `yaml:"after" example:"30d" doc:"when the item was done longer ago than this; with changed: that too"`
	Keep  string   `yaml:"keep" enum:"replace,versions" default:"replace" doc:"what becomes of the old files: replace them, or keep them as versions/NAME.TIME.EXT beside the new ones"`
}

func (d *decoder) checkRefresh(root *yaml.Node, r *Refresh) {
	if r == nil {
		return
	}
	n := document.Find(root, "refresh")
	switch {
	case r.On == "" && document.Find(n, "after") == n:
		d.FaultAt(d.Pos(n), "refresh", "give on or after: when is a done item due again?")
	case r.On == "always" && r.After != 0:
		d.FaultAt(d.Pos(document.Find(n, "after")), "refresh.after", "on: always needs no after")
	case len(r.Of) > 0 && r.On != "changed":
		d.FaultAt(d.Pos(document.Find(n, "of")), "refresh.of", "of goes with on: changed")
	}
	of := document.Find(n, "of")
	for i, name := range r.Of {
		at := of
		if of.Kind == yaml.SequenceNode && i < len(of.Content) {
			at = of.Content[i]
		}
		d.env.Uses = append(d.env.Uses, expr.ColumnUse{Pos: d.Pos(at), Path: "refresh.of", Names: []string{name}, Mapped: true})
	}
}
