package engine

import (
	"context"
	"slices"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/steps"
)

// ItemSteps are the parts of an item's way that are no steps of the spec.
type ItemSteps struct {
	Spec     *specs.Spec
	Page     pipeline.Page
	Reporter *pipeline.Reporter
	// Worker and Key say in events whose way it is.
	Worker, Key string
}

// GoHome opens the page where every item starts, by the login that it has. The error is a
// *pipeline.PlaceError.
func (s *ItemSteps) GoHome(ctx context.Context, on *steps.StepContext) error {
	if s.Spec.Navigate.Home.URL.Empty() {
		return s.Page.LookHome(ctx)
	}
	home, err := s.Spec.Navigate.Home.URL.Text(on.Values)
	if err == nil {
		s.Reporter.Report(pipeline.Event{Kind: pipeline.StepStarted, Worker: s.Worker, Key: s.Key, Step: "navigate.home"})
		ctx, cancel := context.WithTimeout(ctx, s.Spec.Timeouts.Step.Std())
		defer cancel()
		if err = on.Goto(ctx, home, s.Spec.Navigate.Until, slices.Concat(s.Spec.Navigate.Steps, s.Spec.Download.Steps)); err == nil {
			err = s.Page.AtHome(ctx)
		}
	}
	if err != nil {
		return &pipeline.PlaceError{At: "navigate.home", Err: err}
	}
	return nil
}

// GoOn opens, on a page, what was navigated to without one.
func (s *ItemSteps) GoOn(ctx context.Context, on *steps.StepContext, address string) error {
	s.Reporter.Report(pipeline.Event{Kind: pipeline.StepStarted, Worker: s.Worker, Key: s.Key, Step: "download"})
	ctx, cancel := context.WithTimeout(ctx, s.Spec.Timeouts.Step.Std())
	defer cancel()
	if err := on.Goto(ctx, address, nil, s.Spec.Download.Steps); err != nil {
		return &pipeline.PlaceError{At: "download", Err: err}
	}
	return nil
}

// ReadFields takes the record's fields that are on the page.
func (s *ItemSteps) ReadFields(ctx context.Context, on *steps.StepContext, into map[string]any) error {
	for _, field := range s.Spec.Record.Fields {
		if !field.Read.OnPage() {
			continue
		}
		v, err := s.ReadField(ctx, on, field)
		if into[field.Name] = v; err != nil {
			return err
		}
	}
	return nil
}

// ReadField takes a field of the record from the page.
func (s *ItemSteps) ReadField(ctx context.Context, on *steps.StepContext, field specs.Field) (any, error) {
	var v any
	err := on.At(ctx, "record.fields."+field.Name, func() (err error) {
		ctx, cancel := context.WithTimeout(ctx, s.Spec.Timeouts.Step.Std())
		defer cancel()
		v, err = on.ReadValue(ctx, field.Read)
		return err
	})
	if err != nil {
		return v, pipeline.FieldError(field, err)
	}
	return v, nil
}
