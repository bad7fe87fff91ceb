package pipeline

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"pipe/specs"
	"pipe/steps"
)

// StepReport tells of one step of an item that is tried, free of secrets.
type StepReport struct {
	Item string `json:"item,omitempty"`
	// Step is the step's path in the spec, Name its name, At its place.
	Step string `json:"step"`
	Name string `json:"name,omitempty"`
	At   string `json:"at,omitempty"`
	// Starts is true as the step begins; what follows is told at its end.
	Starts bool          `json:"starts,omitempty"`
	Took   time.Duration `json:"took_ns,omitempty"`
	// Found is how many elements each target resolved to, Value what was read.
	Found []steps.Sight `json:"found,omitempty"`
	Value string        `json:"value,omitempty"`
	// Note says what became of it when it was not done as the spec has it.
	Note  string `json:"note,omitempty"`
	Error string `json:"error,omitempty"`
	// Picture is the file of its screenshot.
	Picture string `json:"picture,omitempty"`
}

// valueMost bounds what is told of a value.
const valueMost = 200

// stepReport is what is told of a step that is over.
func (r *run) stepReport(key string, e steps.Ended) StepReport {
	out := StepReport{
		Item: key, Step: e.Step.Path, Name: e.Step.Name, At: e.Step.Pos.String(), Took: e.Took, Found: e.Sights,
		Note: r.redact(e.Note), Value: r.valueText(e.Value),
	}
	if e.Err != nil {
		out.Error = r.redact(e.Err.Error())
	}
	return out
}

func (r *run) valueText(v any) string {
	if v == nil {
		return ""
	}
	text := strings.Join(strings.Fields(r.redact(fmt.Sprint(v))), " ")
	if len(text) > valueMost {
		text = strings.ToValidUTF8(text[:valueMost], "") + "…"
	}
	return text
}

// faultOf puts an error where it is in the spec.
func (r *run) faultOf(err error) specs.Fault {
	spec := r.cfg.Spec
	pos, path := specs.Pos{File: spec.File, Line: 1, Col: 1}, ""
	var at *steps.Error
	var gone *steps.AbsentError
	var place *placed
	switch {
	case errors.As(err, &gone) && gone.Step != nil:
		// An optional step waited in vain for that one's target.
		pos, path = gone.Step.Pos, gone.Step.Path
	case errors.As(err, &at):
		pos, path = at.Step.Pos, at.Step.Path
	case errors.As(err, &place):
		path, _, _ = strings.Cut(place.at, " (")
		pos = spec.PlaceOf(path)
	}
	return spec.FaultAt(pos, path, r.redact(err.Error()))
}
