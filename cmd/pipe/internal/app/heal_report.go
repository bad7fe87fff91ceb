package app

import (
	"encoding/json"
	"fmt"
	"strings"

	"pipe/pipeline/heal"
	"pipe/pipeline/report/console"
)

// tell prints what came of a healing.
func (h *healing) tell(r healReport) {
	if h.JSON {
		r.Healed, r.Left = append([]heal.Healed{}, r.Healed...), append([]heal.Left{}, r.Left...)
		enc := json.NewEncoder(h.std.Out)
		enc.SetEscapeHTML(false)
		_ = enc.Encode(r)
		return
	}
	line := func(format string, args ...any) { fmt.Fprintln(h.std.Out, console.Clean(fmt.Sprintf(format, args...))) }
	for _, one := range r.Healed {
		line("HEALED %s: %s", one.Pos, one.Path)
		line("  %s is %s now: %s", one.Old, heal.Candidate{Score: one.Score, Element: one.Now}, one.New)
		if len(one.Also) > 0 {
			line("  along with it: %s", strings.Join(one.Also, ", "))
		}
		if one.Picture != "" {
			line("  picture: %s", one.Picture)
		}
	}
	for _, one := range r.Left {
		line("LEFT %s: %s", one.Pos, one.Path)
		line("  %s leads to nothing: %s", one.Target, one.Reason)
		for _, c := range one.Candidates {
			line("  perhaps %s", c)
		}
	}
	if len(r.Unseen) > 0 && r.Failed == "" {
		line("not come across, as they are optional, and so not looked at: %s", strings.Join(r.Unseen, ", "))
	}
	if r.Failed != "" {
		fmt.Fprintln(h.std.Out, console.CleanLines(r.Failed))
	}
	if r.Patch != "" {
		fmt.Fprint(h.std.Out, console.CleanLines(r.Patch))
	}
	for _, proof := range r.Proof {
		line("proved by %s", proof)
	}
	switch {
	case r.Unproved != "":
		fmt.Fprintln(h.std.Out, console.CleanLines("not proved: "+r.Unproved))
	case r.Applied:
		line("the patch is applied")
	case r.Proved:
		line("the patch is not applied: --apply does it")
	case len(r.Healed)+len(r.Left) == 0 && h.Offline:
		line("nothing is to be healed: on the pages that failures have left, all targets lead to something")
	case len(r.Healed)+len(r.Left) == 0 && r.Failed == "":
		line("nothing is to be healed: all targets lead to something, as item %s shows", r.Item)
	}
}
