package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
	"pipe/specs/document"
	"pipe/steps"
)

// elementsShown is how many elements of a target are told.
const elementsShown = 5

var errNoPage = errors.New("the page is not open")

func (d *debugger) eval(_ context.Context, code string) error {
	value, err := d.trial.Evaluate(code)
	if err == nil {
		d.tell("= " + value)
	}
	return err
}

// target tells what a target leads to; without one, that of the step that comes next.
func (d *debugger) target(ctx context.Context, text string) error {
	on := d.trial.Context()
	if on == nil {
		return errNoPage
	}
	var targets []specs.Target
	var texts []specs.LocatorText
	if text != "" {
		t, written, err := specs.ParseTarget(text)
		if err != nil {
			return err
		}
		targets, texts = []specs.Target{t}, written
	} else if _, step := d.trial.Next(); step != nil {
		for _, s := range specs.StepsIn([]specs.Step{*step}) {
			if t := steps.TargetOf(s); t.Given() {
				targets = append(targets, t)
			}
		}
	}
	if len(targets) == 0 {
		return errors.New("what comes next has no target: give one, as target {role: button, name: Go}")
	}
	for _, t := range targets {
		all, err := on.FindAll(ctx, t, elementsShown, d.spec.Browser.Headed)
		if err != nil {
			return err
		}
		for _, found := range all {
			d.tellFound(found)
			if found.Count > 0 && texts != nil {
				d.found = texts
			}
		}
	}
	return nil
}

func (d *debugger) tellFound(found steps.FoundAlternative) {
	lines := []string{fmt.Sprintf("%s: %s", found.Target, Count(found.Count, "element"))}
	for _, e := range found.Elements {
		line := "  " + cmp.Or(e.Role, e.Tag)
		if name := cmp.Or(e.Name, e.Label, e.Text); name != "" {
			line += fmt.Sprintf(" %q", document.Shorten(d.redact(name), 80))
		}
		if !e.Visible {
			line += ", not visible"
		}
		if len(e.Selectors) > 0 {
			line += "  " + specs.LocatorOf(e.Selectors[0]).String()
		}
		lines = append(lines, line)
	}
	if more := found.Count - len(found.Elements); more > 0 {
		lines = append(lines, fmt.Sprintf("  … and %d more", more))
	}
	d.tell(d.redact(strings.Join(lines, "\n")))
}

// keep writes the target that was found last into the spec.
func (d *debugger) keep(ctx context.Context, args string) error {
	if d.found == nil {
		return errors.New("no target was found yet: target T looks for one")
	}
	step, field, err := d.keeper(strings.Fields(args))
	if err != nil {
		return err
	}
	now, err := d.load()
	if err != nil {
		return err
	}
	if now.Revision != d.spec.Revision {
		d.tell("the spec was saved meanwhile; keep it once more")
		return d.reload(ctx, false)
	}
	src, err := document.ReadFile(step.Pos.File)
	if err != nil {
		return err
	}
	out, err := specs.ReplaceTarget(src, step, field, d.found)
	if err != nil {
		return fmt.Errorf("%s: %w", step.Pos, err)
	}
	if err := replaceFile(step.Pos.File, out); err != nil {
		return Exit(ExitEnvironment, fmt.Errorf("writing %s: %w", step.Pos.File, err))
	}
	text := d.spec.FaultAt(step.Pos, "", "").Source
	d.tell(d.redact(fmt.Sprintf("written at %s\n- %s\n+ %s", step.Pos, strings.TrimSpace(text), strings.TrimSpace(lineOf(out, step.Pos.Line)))))
	return d.reload(ctx, false)
}

func lineOf(text []byte, line int) string {
	lines := strings.Split(string(text), "\n")
	return lines[min(line, len(lines))-1]
}

// keeper is the step that a target is to be written at: the one that comes next, or one
// within it, and the field.
func (d *debugger) keeper(args []string) (*specs.Step, string, error) {
	_, next := d.trial.Next()
	if next == nil {
		return nil, "", errors.New("what comes next is no step")
	}
	var all []*specs.Step
	var names []string
	for _, s := range specs.StepsIn([]specs.Step{*next}) {
		if len(specs.TargetFields(s)) > 0 && (len(args) == 0 || slices.Contains([]string{s.Path, strings.TrimSuffix(s.Path, "."+s.Verb), s.Name}, args[0])) {
			all, names = append(all, s), append(names, s.Path)
		}
	}
	switch {
	case len(all) == 0:
		return nil, "", errors.New("there is no such step with a target in what comes next")
	case len(all) > 1:
		return nil, "", fmt.Errorf("there are several with a target: keep one of %s", strings.Join(names, ", "))
	}
	fields := specs.TargetFields(all[0])
	if len(args) > 1 {
		if !slices.Contains(fields, args[1]) {
			return nil, "", fmt.Errorf("it has no target in %q: it has %q", args[1], fields)
		}
		return all[0], args[1], nil
	}
	if len(fields) > 1 {
		return nil, "", fmt.Errorf("it has several targets: keep %s and one of %s", names[0], strings.Join(fields, ", "))
	}
	return all[0], fields[0], nil
}

func (d *debugger) page(ctx context.Context, _ string) error {
	on := d.trial.Context()
	if on == nil {
		return errNoPage
	}
	title, err := steps.Call(ctx, "reading the page's title", on.Page.Title)
	if err != nil {
		return err
	}
	d.tell(d.redact(fmt.Sprintf("%s  %q%s", on.Page.URL(), title, frames(on.Page))))
	return nil
}

// frames lists the addresses of a page's frames.
func frames(page playwright.Page) string {
	var b strings.Builder
	for _, f := range page.Frames() {
		if f != page.MainFrame() {
			fmt.Fprintf(&b, "\n  frame %q %s", f.Name(), f.URL())
		}
	}
	return b.String()
}

// vars tells the values that expressions know, each on a line.
func (d *debugger) vars(context.Context, string) error {
	on := d.trial.Context()
	if on == nil {
		return errNoPage
	}
	for _, of := range []string{"item", "account", "vars", "steps", "env"} {
		v := reflect.ValueOf(on.Values[of])
		if v.Kind() != reflect.Map {
			continue
		}
		lines := map[string]string{}
		for _, key := range v.MapKeys() {
			text := strings.Join(strings.Fields(fmt.Sprint(v.MapIndex(key).Interface())), " ")
			lines[fmt.Sprint(key)] = document.Shorten(d.redact(text), 200)
		}
		for _, name := range slices.Sorted(maps.Keys(lines)) {
			d.tell(fmt.Sprintf("%s.%s = %s", of, d.redact(name), lines[name]))
		}
	}
	return nil
}
