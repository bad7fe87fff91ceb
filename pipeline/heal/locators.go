package heal

import (
	"slices"
	"strconv"
	"strings"

	"pipe/specs"
	"pipe/steps"
)

// wanted is what a target is for, which decides by what its element may go.
type wanted struct {
	// reads is true where it is the element's own text that is wanted: it may not go by
	// that.
	reads bool
	// many is true where the target is for several elements.
	many bool
}

func wantedOf(at specs.TargetAt) wanted {
	last := at.Path[strings.LastIndex(at.Path, ".")+1:]
	return wanted{
		reads: slices.Contains([]string{"text_of", "value_of", "attribute_of"}, last),
		many:  slices.Contains([]string{"rows", "count_of", "element", "numbers"}, last),
	}
}

// option is a locator that may take the place of another.
type option struct {
	locator specs.LocatorText
	// renamed are ids that are others now: see Rewritten.
	renamed map[string]string
}

// options are the locators by which an element may go in place of one by which it was
// known, the one first that says the same as before. The texts of both have the item's
// values as expressions. generated are the driver's own selectors for it.
func options(old specs.Locator, known, now steps.Element, frames, generated []string, w wanted) []option {
	var all []option
	add := func(l specs.LocatorText) {
		l.Frame = framesOf(old, frames)
		all = append(all, option{locator: l})
	}
	// A text that is not as it was may be the element's own: the item's.
	text := func(was, is string) bool {
		return is != "" && len(is) <= textMost && (!w.reads || was == is) && !w.many
	}
	switch {
	case !old.Selector.Empty():
		if r, ok := Rewrite(old.Selector.Raw(), known, now); ok && (!w.many || !r.Own) {
			all = append(all, option{specs.LocatorText{Selector: r.Selector, Nth: old.Nth, Frame: framesOf(old, frames)}, r.Renamed})
		}
	case old.Role != "" && text(known.Name, now.Name) && slices.Contains(specs.Roles, now.Role):
		add(specs.LocatorText{Role: now.Role, Name: now.Name, Exact: old.Exact})
		add(specs.LocatorText{Role: now.Role, Name: now.Name, Exact: true})
	case !old.Label.Empty() && text(known.Label, now.Label):
		add(specs.LocatorText{Label: now.Label, Exact: old.Exact})
	case !old.Text.Empty() && text(known.Text, now.Text):
		add(specs.LocatorText{Text: now.Text, Exact: old.Exact})
		add(specs.LocatorText{Text: now.Text, Exact: true})
	}
	if w.many || !identifies(old) {
		return all
	}
	if cell := cellBeside(known, now); cell != "" && w.reads {
		add(specs.LocatorText{Selector: cell})
	}
	for _, selector := range generated {
		if w.reads && (holds(selector, now.Name) || holds(selector, now.Text)) {
			continue
		}
		all = append(all, option{locator: specs.LocatorOf(strings.Join(append(slices.Clone(frames), selector), " >> internal:control=enter-frame >> "))})
	}
	return all
}

// textMost is how long a text is at most by which an element goes.
const textMost = 80

// holds tells whether a selector goes by a text.
func holds(selector, text string) bool {
	return text != "" && strings.Contains(strings.ToLower(selector), strings.ToLower(text[:min(len(text), 20)]))
}

// framesOf gives the frames of a locator as the spec has them, as long as the element is in
// as many.
func framesOf(old specs.Locator, frames []string) []string {
	if len(old.Frame) == len(frames) {
		var raw []string
		for _, f := range old.Frame {
			raw = append(raw, f.Raw())
		}
		return raw
	}
	return specs.LocatorOf(strings.Join(append(slices.Clone(frames), "x"), " >> internal:control=enter-frame >> ")).Frame
}

// identifies tells whether a locator says no more than which element it is: another that
// finds it does as well. One that counts, or waits for how things stand, must keep that.
func identifies(l specs.Locator) bool {
	text := l.Selector.Raw()
	switch {
	case l.Nth != nil || strings.Contains(text, "${{") || strings.Contains(text, ">>"):
		return false
	case text == "":
		return true
	}
	s, ok := parseSelector(text)
	if !ok {
		return false
	}
	for _, part := range s.parts {
		for _, simple := range part[1:] {
			if simple[0] == ':' {
				return false
			}
		}
	}
	return true
}

// cellBeside gives a selector of a cell by the header beside it, "" where there was none
// or it is another now.
func cellBeside(known, now steps.Element) string {
	if now.Tag != "td" || now.Before == "" || now.Before != known.Before || strings.Contains(now.Before, "${{") || !strings.HasPrefix(now.Row, now.Before+" ") {
		return ""
	}
	return "tr:has(> :text-is(" + strconv.Quote(now.Before) + ")) > td:last-child"
}

// fits tells whether a locator may be that by which the element was known.
func fits(l specs.Locator, known steps.Element) bool {
	switch {
	case l.Role != "":
		return l.Role == known.Role
	case !l.Label.Empty():
		return known.Label != "" || known.Name != ""
	case !l.TestID.Empty():
		return known.Attributes["data-testid"] != ""
	case !l.Placeholder.Empty():
		return known.Attributes["placeholder"] != ""
	case !l.Selector.Empty():
		s, ok := parseSelector(l.Selector.Raw())
		return !ok || isOf(s.parts[len(s.parts)-1], chain(known)[0])
	}
	return true
}

// isOf tells whether a compound is about what is described by another, by tag, id and
// classes.
func isOf(part, of compound) bool {
	if part.tag() != "" && part.tag() != "*" && part.tag() != of.tag() {
		return false
	}
	for _, simple := range part[1:] {
		if (simple[0] == '#' || simple[0] == '.') && !of.has(simple) {
			return false
		}
	}
	return true
}
