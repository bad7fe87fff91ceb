package specs

import (
	"fmt"
	"slices"

	"gopkg.in/yaml.v3"

	"pipe/specs/document"
)

// Whenever is something that may show at any moment, on any page, and what is done
// about it.
type Whenever struct {
	Visible Target   `yaml:"visible" required:"true" doc:"what may show, as a survey or a banner"`
	Do      []Step   `yaml:"do" required:"true" doc:"the steps that make it go away, beside whatever the page is doing"`
	Timeout Duration `yaml:"timeout" default:"10s" doc:"for all of its steps together"`
}

// notBeside are the verbs that are about an item, and not about what shows.
var notBeside = []string{"capture", "tab", "skip"}

// checkWhenever finds steps that cannot be done beside others.
func (d *decoder) checkWhenever(root *yaml.Node, s *Spec) {
	at := d.Pos(document.Find(root, "whenever"))
	for i, w := range s.Whenever {
		path := fmt.Sprintf("whenever[%d].do", i)
		if len(w.Do) == 0 && w.Visible.Given() {
			d.FaultAt(at, path, "do has no steps")
		}
		for _, step := range StepsIn(w.Do) {
			if step.Exclusive != "" {
				d.FaultAt(step.Pos, path, "a step here cannot be exclusive: the page may hold %q already, by the steps that it is beside, and would wait for itself", step.Exclusive)
			}
			if slices.Contains(notBeside, step.Verb) {
				d.FaultAt(step.Pos, path, "%s is about an item, and whenever is beside the items: leave it to their steps", step.Verb)
			}
		}
	}
}
