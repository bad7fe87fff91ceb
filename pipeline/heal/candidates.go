package heal

import (
	"fmt"
	"slices"
	"strings"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/steps"
)

const (
	// leastScore is how much an element must be like what was known, and leastMargin how
	// much more than any other.
	leastScore  = 0.5
	leastMargin = 0.08
	// leastOptional is leastScore for what may well not be on the page.
	leastOptional = 0.7
	// candidatesTold is how many are told where none is clear.
	candidatesTold = 3
)

// Candidate is an element that may be the one that was known.
type Candidate struct {
	Score float64 `json:"score"`
	// Element is what it is, with the item's values as expressions.
	Element steps.Element `json:"element"`
	found   steps.PageElement
}

// rank gives the elements of a page by how much they are like what was known, the likest
// first; as maps an element's texts.
func rank(known steps.Element, page []steps.PageElement, as func(string) string, w wanted) []Candidate {
	var all []Candidate
	for _, e := range page {
		if foreign(e.Element) || isField(known) != isField(e.Element) || isField(known) && known.Attributes["type"] != e.Attributes["type"] && (isChoice(known) || isChoice(e.Element)) {
			continue
		}
		mapped := e.Map(as)
		if stoodBeside(known, mapped) {
			continue
		}
		all = append(all, Candidate{Score: Score(known, mapped), Element: mapped, found: e})
	}
	slices.SortStableFunc(all, func(a, b Candidate) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		}
		return 0
	})
	if w.many && len(all) > 0 {
		all = withoutSiblings(all)
	}
	return all
}

// stoodBeside tells of an element that is called as one that stood beside the one that was
// known: it was there then, and was another.
func stoodBeside(known, now steps.Element) bool {
	return known.Name != "" && now.Name != "" && now.Name != known.Name && (now.Name == known.Before || now.Name == known.After)
}

// foreign tells of texts of the site that would be expressions in a spec: nothing of the
// site's is ever one.
func foreign(e steps.Element) bool {
	found := false
	e.Map(func(text string) string {
		found = found || strings.Contains(text, "${{")
		return text
	})
	return found
}

// isField tells whether an element is to be filled in, isChoice whether it is ticked.
func isField(e steps.Element) bool {
	return slices.Contains([]string{"input", "textarea", "select"}, e.Tag) && !slices.Contains([]string{"submit", "button", "image", "reset"}, e.Attributes["type"]) ||
		slices.Contains([]string{"textbox", "combobox", "searchbox", "checkbox", "radio", "spinbutton"}, e.Role)
}

func isChoice(e steps.Element) bool {
	return slices.Contains([]string{"checkbox", "radio", "file"}, e.Attributes["type"])
}

// withoutSiblings leaves, of the elements that stand beside the likest and are of its kind,
// the first alone.
func withoutSiblings(all []Candidate) []Candidate {
	parent := func(c Candidate) string {
		path := c.Element.Path
		if i := strings.LastIndex(path, ":nth-of-type("); i > strings.LastIndex(path, " > ") {
			path = path[:i]
		}
		return path
	}
	of, first := parent(all[0]), all[0]
	for _, c := range all {
		if parent(c) == of && c.Element.Place.Y < first.Element.Place.Y {
			first = c
		}
	}
	first.Score = all[0].Score
	rest := slices.DeleteFunc(all, func(c Candidate) bool { return parent(c) == of })
	return append([]Candidate{first}, rest...)
}

// clear tells whether the likest element is the one, and if not, why.
func clear(all []Candidate, least float64) (margin float64, why string) {
	if len(all) == 0 || all[0].Score < least {
		return 0, "nothing on the page is like what it was"
	}
	margin = all[0].Score
	for _, other := range all[1:] {
		if !within(all[0].Element, other.Element) {
			margin = all[0].Score - other.Score
			break
		}
	}
	if margin < leastMargin {
		return margin, "several elements are like what it was, and none is clearly it"
	}
	return margin, ""
}

// within tells whether one of two elements is in the other and says the same: whichever is
// acted on, it is the same in effect.
func within(a, b steps.Element) bool {
	if a.Text != b.Text || a.Text == "" {
		return false
	}
	return strings.HasPrefix(a.Path, b.Path+" > ") || strings.HasPrefix(b.Path, a.Path+" > ")
}

// knownOf gives what is known of the element of a target: at its place or, where steps have
// moved, of a target that says the same elsewhere.
func knownOf(all []pipeline.KnownElement, place string, target specs.Target, redact func(string) string) (pipeline.KnownElement, bool) {
	text := redact(target.String())
	for _, same := range []func(pipeline.KnownElement) bool{
		func(e pipeline.KnownElement) bool { return e.Place == place && e.Target == text },
		func(e pipeline.KnownElement) bool { return e.Target == text },
	} {
		if i := slices.IndexFunc(all, same); i >= 0 {
			return all[i], true
		}
	}
	return pipeline.KnownElement{}, false
}

// othersAt tells what the spec had at a place when that was last found: who has changed the
// spec may want it back.
func othersAt(all []pipeline.KnownElement, place string) string {
	i := slices.IndexFunc(all, func(e pipeline.KnownElement) bool { return e.Place == place })
	if i < 0 {
		return ""
	}
	return fmt.Sprintf("; the spec has been changed here: run %d found %s at this place", all[i].Run, all[i].Target)
}
