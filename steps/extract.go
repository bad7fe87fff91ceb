package steps

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/playwright-community/playwright-go"

	"pipe/specs"
)

func init() {
	register[Extract](120, "extract", "takes values from the page, as steps.NAME.FIELD",
		`extract: {name: page, fields: {vin: {text_of: "#vin"}}}`)
}

// Extract takes values from the page.
type Extract struct {
	Fields specs.Fields `yaml:"fields" short:"true" required:"true" doc:"names and what they are read from, such as vin: {text_of: \"#vin\"}"`
}

func (*Extract) readOnly() {}

func (*Extract) withoutPage() string { return "" }

// Run extracts; the values are steps.NAME.FIELD when the step has a name.
func (e *Extract) Run(ctx context.Context, on *StepContext) error {
	values := map[string]any{}
	together := on.ReadTogether(ctx, e.Fields)
	for _, f := range e.Fields {
		v, read := together[f.Name]
		var err error
		if read {
			on.foundField(ctx, f.Read)
		} else {
			v, err = on.ReadValue(ctx, f.Read)
		}
		if err != nil {
			return fmt.Errorf("reading %s: %w", f.Name, err)
		}
		if v, err = f.Read.Make(v); err != nil {
			return fmt.Errorf("%s %w", f.Name, err)
		}
		values[f.Name] = v
	}
	on.setValue(values)
	return nil
}

// ReadValue takes a value from the page, or evaluates its expression.
func (s *StepContext) ReadValue(ctx context.Context, r specs.Read) (any, error) {
	switch {
	case r.RowsOf != nil:
		rows, err := s.ReadRows(ctx, r.RowsOf, r.Absent)
		return listOf(rows.Values), err
	case r.CountOf.Given():
		return s.count(ctx, r.CountOf)
	case r.TextOf.Given():
		return trimmed(readOf(ctx, s, r.TextOf, r.Absent, func(ctx context.Context, l playwright.Locator) (string, error) {
			return l.First().InnerText(playwright.LocatorInnerTextOptions{Timeout: timeoutMillis(ctx)})
		}))
	case r.ValueOf.Given():
		return readOf(ctx, s, r.ValueOf, r.Absent, func(ctx context.Context, l playwright.Locator) (string, error) {
			return l.First().InputValue(playwright.LocatorInputValueOptions{Timeout: timeoutMillis(ctx)})
		})
	case r.AttrOf != nil:
		return readOf(ctx, s, r.AttrOf.Target, r.Absent, func(ctx context.Context, l playwright.Locator) (string, error) {
			return l.First().GetAttribute(r.AttrOf.Attribute, playwright.LocatorGetAttributeOptions{Timeout: timeoutMillis(ctx)})
		})
	default:
		return r.Value.Value(s.Values)
	}
}

// listOf gives rows as expressions and JSON have lists.
func listOf(rows []map[string]any) []any {
	list := make([]any, len(rows))
	for i, row := range rows {
		list[i] = row
	}
	return list
}

// count gives how many elements a target has now.
func (s *StepContext) count(ctx context.Context, t specs.Target) (any, error) {
	loc, err := s.locate(t)
	if err != nil {
		return nil, err
	}
	s.recordTarget(ctx, t, loc)
	n, err := Call(ctx, "counting "+t.With(s.Values), loc.Count)
	if err == nil && n == 0 {
		err = s.absentWithout("counting " + t.With(s.Values))
	}
	return n, err
}

func trimmed(v any, err error) (any, error) {
	if t, ok := v.(string); ok {
		v = strings.TrimSpace(t)
	}
	return v, err
}

// readAtOnce is how long a value may take that is there.
const readAtOnce = 250 * time.Millisecond

// readOf reads the target; where it may be absent, it is not waited for.
func readOf[T any](ctx context.Context, s *StepContext, t specs.Target, absent string, read func(context.Context, playwright.Locator) (T, error)) (any, error) {
	loc, err := s.locate(t)
	if err != nil {
		return nil, err
	}
	what := "reading " + t.With(s.Values)
	if absent == "empty" {
		n, err := Call(ctx, what, loc.Count)
		s.recordTarget(ctx, t, loc)
		switch {
		case err != nil:
			return nil, err
		case n == 0:
			return nil, s.absentWithout(what)
		}
		s.foundElement(ctx, t, loc)
	} else if s.details == nil {
		// As a rule it is there.
		limited, cancel := context.WithTimeout(ctx, readAtOnce)
		v, err := Call(limited, what, func() (T, error) { return read(limited, loc) })
		cancel()
		if err == nil {
			s.foundElement(ctx, t, loc)
			return v, nil
		}
	}
	if absent != "empty" {
		if err := s.awaitAttached(ctx, t); err != nil {
			return nil, err
		}
	}
	return Call(ctx, what, func() (T, error) { return read(ctx, loc) })
}
