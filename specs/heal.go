package specs

import (
	"gopkg.in/yaml.v3"

	"pipe/specs/document"
)

// Heal is what a run does about targets that lead to nothing any more.
type Heal string

// The kinds of Heal that have a run heal targets.
const (
	HealAsk  Heal = "ask"
	HealAuto Heal = "auto"
)

// On tells whether a run heals targets at all.
func (h Heal) On() bool { return h == HealAsk || h == HealAuto }

// prover is a verb that takes files, and may prove each of them to be its item's own.
type prover interface{ ProvesItem() bool }

// writer is a verb that may change something on the site.
type writer interface{ Writes() bool }

// checkHeal makes sure that a target which is healed on trial can do no harm, and that what
// it leads to is proved.
func (d *decoder) checkHeal(root *yaml.Node, s *Spec) {
	if !s.Heal.On() {
		return
	}
	proved := false
	for _, step := range append(StepsIn(s.Navigate.Steps), StepsIn(s.Download.Steps)...) {
		capture, captures := step.Do.(prover)
		does, may := step.Do.(writer)
		switch {
		case step.Writes != nil && *step.Writes, step.Once, may && does.Writes() && !captures && step.Writes == nil:
			d.FaultAt(step.Pos, step.Path, "heal: %s tries what takes the place of a target before a file proves it, and this step changes something on the site: heal such a spec by `pipe heal`", s.Heal)
		case captures && !capture.ProvesItem():
			d.FaultAt(step.Pos, step.Path, "heal: %s wants each file to come of the page (on, from, print) and proved to be its item's own: give expect a `contains` of the item's, as contains: \"${{ item.reference }}\"", s.Heal)
		}
		proved = proved || captures
	}
	if !proved {
		d.FaultAt(d.Pos(document.Find(root, "heal")), "heal", "%s goes by the proof of the files, and no step takes any: heal such a spec by `pipe heal`", s.Heal)
	}
}
