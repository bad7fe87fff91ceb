package steps

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"github.com/playwright-community/playwright-go"

	"pipe/specs/expr"
)

// choose chooses something of a form field by put, and makes sure that the field holds it.
// What a trigger brings shows by itself whether it was chosen, and may well be all that a
// select is for: such a one is not asked.
func (s *StepContext) choose(
	ctx context.Context, f *filledField, holds expr.Template, put func(context.Context, playwright.Locator) error, act func(func(playwright.Locator) error) error,
) error {
	var err error
	if f.holds, err = holds.Text(s.Values); err != nil {
		return err
	}
	f.name, f.secret = f.target.With(s.Values), s.holdsSecret(f.want)
	var before *fieldState
	err = act(func(l playwright.Locator) error {
		f.loc = l
		before, _ = s.readField(ctx, "reading "+f.name, l, f.files...) // the action tells what is wrong with it
		return put(ctx, l)
	})
	if err != nil || before == nil || strings.HasSuffix(s.step.Path, ".on") {
		return err
	}
	f.initial, f.id, f.document = before.text, before.id, before.document
	f.put = func(ctx context.Context, _ bool) error {
		return callAction(ctx, s, "choosing again in "+f.name, func() error { return put(ctx, f.loc) })
	}
	return s.readBack(ctx, f)
}

// optionsChosen tells whether the options of a select that are chosen are the wanted
// ones, each by its value or its label.
func optionsChosen(wanted []string) func(*fieldState) bool {
	return func(now *fieldState) bool {
		is := func(want string, o chosenOption) bool {
			return spaced(want) == spaced(o.value) || spaced(want) == spaced(o.label)
		}
		for _, want := range wanted {
			if !slices.ContainsFunc(now.chosen, func(o chosenOption) bool { return is(want, o) }) {
				return false
			}
		}
		for _, o := range now.chosen {
			if !slices.ContainsFunc(wanted, func(want string) bool { return is(want, o) }) {
				return false
			}
		}
		return true
	}
}

// fileNames are the names by which a field for files shows those of some paths.
func fileNames(paths []string) []string {
	names := make([]string, len(paths))
	for i, path := range paths {
		names[i] = filepath.Base(path)
	}
	return names
}
