package engine

import (
	"strings"

	"pipe/steps"
)

// missing tells which files there are none of for the item, where that may be so.
// One that has no file at all is settled as skipped.
func missing(on *steps.StepContext) (string, error) {
	var all []string
	for _, m := range on.Missing {
		all = append(all, m.Step.Path+": "+m.Reason)
	}
	text := strings.Join(all, "; ")
	if len(all) > 0 && len(on.Captures) == 0 {
		return "", &steps.SkipError{Reason: "there is no file: " + text}
	}
	return text, nil
}
