package steps

import (
	"regexp"
	"strconv"
	"strings"

	"pipe/specs"
)

// A plan says in JSON what rows_snapshot.js is to read: selectors of plain CSS
// are all that it understands. The others are Playwright's own.

// planRows gives the plan of rows; false when some of it is more than plain CSS.
func (s *StepContext) planRows(of *specs.RowsOf, optional bool) (map[string]any, bool) {
	plan := map[string]any{"span": of.Span, "optional": optional, "shown": of.Rows.String()}
	if of.Skip.Given() {
		skip, plain := s.planTarget(of.Skip)
		if !plain {
			return nil, false
		}
		plan["skip"] = skip
	}
	fields := []any{}
	for _, f := range onPage(of.Fields) {
		field, plain := s.planField(f)
		if !plain {
			return nil, false
		}
		fields = append(fields, field)
	}
	plan["fields"] = fields
	return plan, true
}

// onPage are the fields that are read from the page.
func onPage(fields specs.Fields) specs.Fields {
	var out specs.Fields
	for _, f := range fields {
		if f.Read.OnPage() {
			out = append(out, f)
		}
	}
	return out
}

func (s *StepContext) planField(f specs.Field) (map[string]any, bool) {
	r, plan := f.Read, map[string]any{}
	var target specs.Target
	switch {
	case r.RowsOf != nil:
		var plain bool
		if plan, plain = s.planRows(r.RowsOf, r.Absent == "empty"); !plain {
			return nil, false
		}
		target, plan["kind"] = r.RowsOf.Rows, "rows"
	case r.CountOf.Given():
		target, plan["kind"] = r.CountOf, "count"
	case r.TextOf.Given():
		target, plan["kind"] = r.TextOf, "text"
	case r.ValueOf.Given():
		target, plan["kind"] = r.ValueOf, "value"
	default:
		target, plan["kind"], plan["attribute"] = r.AttrOf.Target, "attribute", r.AttrOf.Attribute
	}
	var plain bool
	plan["name"], plan["shown"], plan["optional"] = f.Name, target.With(s.Values), r.Absent == "empty"
	plan["target"], plain = s.planTarget(target)
	return plan, plain
}

// notPlainCSS is what Playwright adds to CSS, and what is no CSS at all.
var notPlainCSS = regexp.MustCompile(`^(\.\.|//|\*|["'])|^(text|xpath|id|role|visible|data-[\w-]+|internal:[\w-]+)\s*=|` +
	`:(has-text|text|text-is|text-matches|visible|nth-match|light|right-of|left-of|above|below|near)\b`)

// planTarget gives the alternatives of a target, each as the steps to it.
func (s *StepContext) planTarget(t specs.Target) ([]any, bool) {
	var alternatives []any
	for _, l := range t.Any {
		if l.Selector.Empty() || len(l.Frame) > 0 {
			return nil, false
		}
		texts, err := s.texts(l.Selector)
		if err != nil {
			return nil, false
		}
		var parts []any
		for _, part := range strings.Split(texts[0], ">>") {
			part = strings.TrimSpace(part)
			if nth, is := strings.CutPrefix(part, "nth="); is {
				n, err := strconv.Atoi(nth)
				if err != nil {
					return nil, false
				}
				parts = append(parts, map[string]any{"nth": n})
				continue
			}
			part = strings.TrimSpace(strings.TrimPrefix(part, "css="))
			if part == "" || notPlainCSS.MatchString(part) {
				return nil, false
			}
			parts = append(parts, map[string]any{"css": part})
		}
		if l.Nth != nil {
			parts = append(parts, map[string]any{"nth": *l.Nth})
		}
		alternatives = append(alternatives, parts)
	}
	return alternatives, true
}
