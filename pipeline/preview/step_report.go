package preview

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/specs/document"
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
	Found []steps.TargetMatch `json:"found,omitempty"`
	Value string              `json:"value,omitempty"`
	// Note says what became of it when it was not done as the spec has it.
	Note string `json:"note,omitempty"`
	// Warning is what may not be meant, and fails nothing.
	Warning string `json:"warning,omitempty"`
	Error   string `json:"error,omitempty"`
	// Picture is the file of its screenshot.
	Picture string `json:"picture,omitempty"`
}

// valueMost bounds what is told of a value, in bytes.
const valueMost = 200

// stepReports makes the reports of one spec's steps and tells them.
type stepReports struct {
	spec   *specs.Spec
	redact func(string) string
	tell   func(StepReport)
	// warnings are those told, each once.
	warnings document.Faults
}

// step is what is told of a step that is over.
func (r *stepReports) step(key string, e steps.StepResult) StepReport {
	out := StepReport{
		Item: key, Step: e.Step.Path, Name: e.Step.Name, At: e.Step.Pos.String(), Took: e.Duration, Found: r.found(e.Targets),
		Note: r.redact(e.Note), Value: r.value(e.Value),
	}
	if e.Err != nil {
		out.Error = r.redact(e.Err.Error())
	}
	return out
}

// log tells what a log step of an item has to say.
func (r *stepReports) log(key string) func(context.Context, *specs.Step, string) {
	return func(_ context.Context, step *specs.Step, text string) {
		r.tell(StepReport{Item: key, Step: step.Path, Name: step.Name, At: step.Pos.String(), Note: "says: " + steps.Printable(r.redact(text))})
	}
}

// place is what is told of a place of the spec that is no step.
func (r *stepReports) place(key, path string, pos document.Pos, took time.Duration, err error) StepReport {
	out := StepReport{Item: key, Step: path, At: pos.String(), Took: took}
	if err != nil {
		out.Error = r.redact(err.Error())
	}
	return out
}

// home is what is told of navigate.home.
func (r *stepReports) home(key string, took time.Duration, err error) StepReport {
	return r.place(key, "navigate.home", r.spec.PlaceOf("navigate.home"), took, err)
}

// field is what is told of a field of the record.
func (r *stepReports) field(key string, field specs.Field, took time.Duration, found []steps.TargetMatch, v any, err error) StepReport {
	out := r.place(key, "record.fields."+field.Name, field.Pos, took, err)
	out.Found, out.Value = r.found(found), r.value(v)
	return out
}

// found is what targets resolved to: their names may hold an item's values.
func (r *stepReports) found(targets []steps.TargetMatch) []steps.TargetMatch {
	told := slices.Clone(targets)
	for i := range told {
		told[i].Target = r.redact(told[i].Target)
	}
	return told
}

func (r *stepReports) value(v any) string {
	if v == nil {
		return ""
	}
	text := strings.Join(strings.Fields(r.redact(fmt.Sprint(v))), " ")
	if len(text) > valueMost {
		text = strings.ToValidUTF8(text[:valueMost], "") + "…"
	}
	return text
}

// hasPlace tells whether an error is at a place of the spec.
func hasPlace(err error) bool {
	var at *steps.Error
	var place *pipeline.PlaceError
	return errors.As(err, &at) || errors.As(err, &place)
}

// fault puts an error where it is in the spec.
func (r *stepReports) fault(err error) document.Fault {
	spec := r.spec
	pos, path := document.Pos{File: spec.File, Line: 1, Col: 1}, ""
	var at *steps.Error
	var gone *steps.AbsentError
	var place *pipeline.PlaceError
	switch {
	case errors.As(err, &gone) && gone.Step != nil:
		// An optional step waited in vain for that one's target.
		pos, path = gone.Step.Pos, gone.Step.Path
	case errors.As(err, &at):
		pos, path = at.Step.Pos, at.Step.Path
	case errors.As(err, &place):
		path, _, _ = strings.Cut(place.At, " (")
		pos = spec.PlaceOf(path)
	}
	return spec.FaultAt(pos, path, r.redact(err.Error()))
}
