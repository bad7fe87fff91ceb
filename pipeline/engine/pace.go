package engine

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"pipe/specs"
)

// paceOf says in words what the spec's pool.pace allows, "" for anything.
func paceOf(p specs.Pace) string {
	var all []string
	if p.Rate > 0 {
		all = append(all, "at most "+rateOf(p.Rate)+" items")
	}
	if p.Account.Rate > 0 {
		all = append(all, "at most "+rateOf(p.Account.Rate)+" of each account")
	}
	if p.Delay > 0 {
		all = append(all, fmt.Sprintf("a rest of %s after each", p.Delay.Std()))
	}
	return strings.Join(all, ", ")
}

// rateOf gives a rate by the shortest unit of which it is at least one.
func rateOf(r specs.Rate) string {
	per, unit := r.PerSecond(), "s"
	for _, longer := range []string{"min", "h"} {
		if per >= 1 {
			break
		}
		per, unit = per*60, longer
	}
	return strconv.FormatFloat(math.Round(100*per)/100, 'f', -1, 64) + "/" + unit
}
