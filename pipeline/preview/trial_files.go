package preview

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/engine"
	"pipe/steps"
)

// fieldsOnPage takes what the record needs of the page.
func (t *Trial) fieldsOnPage(ctx context.Context) error {
	t.reading = true
	for _, field := range t.cfg.Spec.Record.Fields {
		if !field.Read.OnPage() {
			continue
		}
		began := time.Now()
		sights, err := t.on.RecordTargets(func() (err error) {
			t.attempt.Read[field.Name], err = t.itemSteps().ReadField(ctx, t.on, field)
			return err
		})
		t.reports.tell(t.reports.field(t.item.Key, field, time.Since(began), sights, t.attempt.Read[field.Name], err))
		if err != nil {
			return err
		}
	}
	return nil
}

// bringIn receives, proves and places the files that the steps captured since,
// and makes the record.
func (t *Trial) bringIn(ctx context.Context) error {
	a := t.attempt
	a.Values, a.Record = t.on.Values, nil
	if len(t.on.Captures) > 0 {
		began := time.Now()
		a.Caught(t.on.Captures)
		t.on.Captures = nil
		files, err := t.receive(ctx)
		if err != nil {
			return err
		}
		for _, f := range files {
			t.reports.tell(StepReport{Item: t.item.Key, Step: "file " + f.Name, Took: time.Since(began), Note: fmt.Sprintf("%s, %d bytes, by %s", f.Type, f.Size, f.Via)})
		}
		t.files = append(t.files, files...)
	}
	if t.reached {
		return nil
	}
	prove := t.proveStage()
	if err := prove.MakeRecord(a); err != nil {
		return err
	}
	for _, f := range a.Record {
		t.reports.tell(StepReport{Item: t.item.Key, Step: "record " + f.Name, Value: t.reports.value(f.Value)})
	}
	return nil
}

func (t *Trial) proveStage() *engine.ProveStage {
	return &engine.ProveStage{Spec: t.cfg.Spec, Store: t.cfg.Store, Reporter: t.reporter}
}

// receive brings the files of the attempt to their places.
func (t *Trial) receive(ctx context.Context) ([]pipeline.File, error) {
	a := t.attempt
	defer a.Discard()
	a.Err, t.reading = nil, false
	fetch := engine.FetchStage{Store: t.cfg.Store, Reporter: t.reporter}
	if err := fetch.Run(ctx, a); err != nil {
		return nil, err
	}
	if a.Err == nil {
		if err := t.proveStage().ProveFiles(ctx, a); err != nil {
			return nil, err
		}
	}
	if a.Err != nil {
		return nil, failedAt(a)
	}
	t.reading = true
	var files []pipeline.File
	for _, f := range a.Files {
		if err := t.cfg.Store.Place(ctx, f.Staged, f.File.Name); err != nil {
			return nil, &steps.DiskError{Err: fmt.Errorf("putting %s in place: %w", f.File.Name, err)}
		}
		files = append(files, f.File)
	}
	return files, nil
}

// failedAt is the error of an attempt's file, at the capture that it is of.
func failedAt(a *engine.Attempt) error {
	var at *steps.Error
	for _, f := range a.Files {
		step := f.Captured.Step
		if step != nil && !errors.As(a.Err, &at) && a.Step == pipeline.PlaceOfStep(step) {
			return &steps.Error{Step: step, Err: a.Err}
		}
	}
	return a.Err
}
