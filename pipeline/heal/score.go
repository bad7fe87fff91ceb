package heal

import (
	"math"
	"slices"
	"strings"

	"pipe/steps"
)

// attributeWeights are how much the attributes tell; those that are not here count 1, and
// those of 0 are none of the element's own.
var attributeWeights = map[string]float64{
	"id": 3, "name": 3, "data-testid": 4, "href": 3, "type": 2, "title": 3, "placeholder": 2, "aria-label": 2, "alt": 2, "for": 2,
	"class": 2, "src": 2, "disabled": 0, "checked": 0, "aria-expanded": 0, "aria-busy": 0, "tabindex": 0, "width": 0.5, "height": 0.5, "size": 0.5,
}

// sum adds up what is alike, by weights.
type sum struct{ got, of float64 }

func (s *sum) add(weight, alike float64) {
	s.got += weight * alike
	s.of += weight
}

// text adds two texts of which the first was known.
func (s *sum) text(weight float64, known, now string) {
	switch {
	case known != "":
		s.add(weight, textsAlike(known, now))
	case now != "":
		s.add(weight/4, 0)
	}
}

// Score tells how much an element is like what was known of another, from 0 to 1. What was
// not known counts little or nothing.
func Score(known, now steps.Element) float64 {
	own := &sum{}
	own.text(5, known.Name, now.Name)
	if known.Text != known.Name {
		own.text(4, known.Text, now.Text)
	}
	if label := now.Label; known.Label != "" {
		own.text(4, known.Label, cmpOr(label, now.Name))
	} else {
		own.text(4, "", label)
	}
	own.attributes(known, now)
	s := &sum{got: own.got, of: own.of}
	s.add(3, rolesAlike(known, now))
	s.add(1.5, same(known.Tag, now.Tag))
	s.text(1.5, known.Heading, now.Heading)
	s.text(1.5, known.Before, now.Before)
	s.text(1, known.After, now.After)
	s.text(1.5, known.Row, now.Row)
	s.text(3, known.Column, now.Column)
	s.add(3, inOrder(known.Ancestors, now.Ancestors, ancestorsAlike))
	s.add(2, inOrder(strings.Split(known.Path, " > "), strings.Split(now.Path, " > "), same))
	s.add(1.5, placesAlike(known.Place, now.Place))
	if own.got < leastOwn*own.of {
		return s.got / s.of / 2
	}
	return s.got / s.of
}

// leastOwn is how much of what was an element's own must be so still, its name, texts,
// label and attributes: what merely stands in the same place is another.
const leastOwn = 0.25

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func same(a, b string) float64 {
	if a == b {
		return 1
	}
	return 0
}

// pressed are the roles of what one presses: sites change one for another.
var pressed = []string{"button", "link", "menuitem", "tab", "img"}

func rolesAlike(a, b steps.Element) float64 {
	switch {
	case a.Role == b.Role:
		return 1
	case slices.Contains(pressed, a.Role) && slices.Contains(pressed, b.Role):
		return 0.6
	default:
		return 0
	}
}

// attributes adds those that were known. A value may have gone to another attribute, as
// from title to aria-label.
func (s *sum) attributes(known, now steps.Element) {
	for name, value := range known.Attributes {
		weight, listed := attributeWeights[name]
		if !listed {
			weight = 1
		}
		if value == "" || weight == 0 {
			continue
		}
		alike := 0.0
		switch mine, has := now.Attributes[name]; {
		case has && name == "class":
			alike = shared(strings.Fields(value), strings.Fields(mine))
		case has:
			alike = textsAlike(value, mine)
		}
		if name != "class" && alike < 0.8 && len(value) > 2 {
			for _, other := range now.Attributes {
				if other == value {
					alike = 0.8
				}
			}
		}
		s.add(weight, alike)
	}
}

// ancestorsAlike compares two ancestors: by tag, and by the rest that is said of them.
func ancestorsAlike(a, b string) float64 {
	if a == b {
		return 1
	}
	one, other := parseCompound(a), parseCompound(b)
	return 0.5*same(one.tag(), other.tag()) + 0.5*shared(one[1:], other[1:])
}

// placesAlike compares where elements lie: 1 for the same place, 0 for half a page off.
func placesAlike(a, b steps.Place) float64 {
	far := math.Hypot(float64(a.X-b.X), float64(a.Y-b.Y))
	return max(0, 1-far/400)
}
