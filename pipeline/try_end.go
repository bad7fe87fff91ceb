package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"pipe/specs"
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
		sights, err := t.scene.Sights(func() error { return t.b.readField(ctx, t.scene, t.a, field) })
		t.report(t.placeReport(t.item.Key, "record.fields."+field.Name, field.Pos, time.Since(began), sights, t.a.read[field.Name], err))
		if err != nil {
			return err
		}
	}
	return nil
}

// bringIn receives, proves and places the files that the steps caught since,
// and makes the record.
func (t *Trial) bringIn(ctx context.Context) error {
	a := t.a
	a.values = t.scene.Values
	a.record = nil
	if len(t.scene.Captures) > 0 {
		began := time.Now()
		had := a.files
		a.captures, a.staged, a.files, a.err = t.scene.Captures, nil, nil, nil
		t.scene.Captures = nil
		if err := t.receive(ctx); err != nil {
			return err
		}
		for _, f := range a.files {
			t.report(StepReport{Item: t.item.Key, Step: "file " + f.Name, Took: time.Since(began), Note: fmt.Sprintf("%s, %d bytes, by %s", f.Type, f.Size, f.Via)})
		}
		a.files = append(had, a.files...)
	}
	if t.reached {
		return nil
	}
	if err := t.fields(a); err != nil {
		return err
	}
	for _, f := range a.record {
		t.report(StepReport{Item: t.item.Key, Step: "record " + f.Name, Value: t.valueText(f.Value)})
	}
	return nil
}

func (t *Trial) receive(ctx context.Context) error {
	a := t.a
	defer func() {
		for _, c := range a.captures {
			c.Delivery.Discard()
		}
		for _, f := range a.staged {
			f.Discard()
		}
		a.captures, a.staged = nil, nil
	}()
	t.reading = false
	if err := t.fetch(ctx, a); err != nil {
		return err
	}
	if a.err == nil {
		if err := t.proveFiles(ctx, a); err != nil {
			return err
		}
	}
	if a.err != nil {
		return failedAt(a)
	}
	t.reading = true
	for i, f := range a.files {
		if err := t.cfg.Store.Place(ctx, a.staged[i], f.Name); err != nil {
			return &diskError{fmt.Errorf("putting %s in place: %w", f.Name, err)}
		}
	}
	return nil
}

// failedAt is the error of an attempt's file, at the capture that it is of.
func failedAt(a *attempt) error {
	var at *steps.Error
	for _, c := range a.captures {
		if c.Step != nil && !errors.As(a.err, &at) && a.step == whereOf(c.Step) {
			return &steps.Error{Step: c.Step, Err: a.err}
		}
	}
	return a.err
}

// Rewrite has the trial go on by a spec that has changed, and says from where.
func (t *Trial) Rewrite(spec *specs.Spec) string {
	old := t.cfg.Spec
	t.cfg.Spec = spec
	if t.scene == nil {
		return "from the start"
	}
	all := slices.Concat(spec.Navigate.Steps, spec.Download)
	same := 0
	for same < min(len(all), len(t.all)) && specs.Fingerprint(all[same]) == specs.Fingerprint(t.all[same]) {
		same++
	}
	why := ""
	switch {
	case around(old) != around(spec):
		why = "what is around the steps has changed"
	case specs.Fingerprint(old.Record) == specs.Fingerprint(spec.Record) && same == len(all) && same == len(t.all):
		why = "no step has changed"
	case slices.ContainsFunc(t.all[:max(t.at, 0)], func(s specs.Step) bool { return t.Until != "" && isStep(&s, t.Until) }):
		why = "the last step is behind the page"
	case same < t.at:
		why = changedAt(all, same) + " has changed, and the page is past it"
	case !t.trusted:
		why = "the page does not stand where it was"
	}
	if why != "" {
		t.Leave()
		return "from the start: " + why
	}
	t.all = all
	if t.at >= len(all) {
		return "from the record on: the steps are as they were"
	}
	return fmt.Sprintf("from %s on: the steps before it are as they were", all[t.at].Path)
}

func changedAt(all []specs.Step, i int) string {
	if i < len(all) {
		return all[i].Path
	}
	return "the end of the steps"
}

// around is what a spec says beside the steps of an item, as far as it bears on
// one.
func around(s *specs.Spec) string {
	return specs.Fingerprint([]any{s.BaseURL, s.Vars, s.Navigate.Home, s.Timeouts, s.Login, s.Values["vars"]})
}

// Session tells whether two specs have different logins or browsers: what is
// open goes by the old one.
func Session(a, b *specs.Spec) bool {
	of := func(s *specs.Spec) string {
		return specs.Fingerprint([]any{s.BaseURL, s.Login, s.Browser, s.Pool, s.Source, s.Key, s.Account})
	}
	return of(a) != of(b)
}

// Leave gives the page back; the next Run begins anew.
func (t *Trial) Leave() {
	if t.scene != nil {
		t.scene.End()
		for _, c := range t.scene.Captures {
			c.Delivery.Discard()
		}
	}
	if t.page != nil {
		// Of no use to the next: what was on it may be half done.
		t.page.Done()
		t.page.Discard()
	}
	t.scene, t.page, t.a = nil, nil, nil
}
