package specs

import (
	"time"

	"gopkg.in/yaml.v3"

	"pipe/specs/document"
)

// Keep says what an output folder keeps, for `pipe clean` to free the rest. Files and
// records of items are never freed.
type Keep struct {
	Runs     *KeepRule `yaml:"runs" doc:"runs whose attempts are kept in the ledger one by one; of others, an item's newest attempt is, and the one that it was done with"`
	Evidence *KeepRule `yaml:"evidence" doc:"runs whose evidence of failures is kept"`
	Versions *KeepRule `yaml:"versions" doc:"the older versions that are kept of each file, by refresh.keep: versions"`
}

// KeepRule says how many are kept, and for how long: what is beyond either goes. The
// newest run always stays.
type KeepRule struct {
	Last int      `yaml:"last" short:"true" min:"1" example:"30" doc:"so many of the newest; default: any number"`
	For  Duration `yaml:"for" example:"90d" doc:"no longer than this; default: for ever"`
}

// Frees tells whether something goes that is so many newer ones behind, and is of then.
func (k *KeepRule) Frees(newer int, of, now time.Time) bool {
	return k != nil && (k.Last > 0 && newer >= k.Last || k.For > 0 && of.Before(now.Add(-k.For.Std())))
}

func (d *decoder) checkKeep(root *yaml.Node, s *Spec) {
	if s.Keep == nil {
		return
	}
	at := document.Find(root, "keep")
	if s.Keep.Runs == nil && s.Keep.Evidence == nil && s.Keep.Versions == nil {
		d.FaultAt(d.Pos(at), "keep", "give one of runs, evidence and versions at least")
	}
	for name, rule := range map[string]*KeepRule{"runs": s.Keep.Runs, "evidence": s.Keep.Evidence, "versions": s.Keep.Versions} {
		if n := document.Find(at, name); rule != nil && rule.Last == 0 && rule.For == 0 && n.Kind == yaml.MappingNode && len(n.Content) == 0 {
			d.FaultAt(d.Pos(n), "keep."+name, "give last or for")
		}
	}
}
