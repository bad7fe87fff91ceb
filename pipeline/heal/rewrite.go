package heal

import (
	"regexp"
	"strconv"
	"strings"

	"pipe/steps"
)

// Rewritten is a selector in which what has changed is another, and all else stands.
type Rewritten struct {
	Selector string
	// Renamed are the ids that are others now, and what stands for them.
	Renamed map[string]string
	// Own is true when what it says of the element itself is another.
	Own bool
}

// Rewrite gives a CSS selector by which an element goes now that was known otherwise. What
// the selector says beside names, as :only-child or a text, stays; each name that the
// element or an ancestor has no longer becomes the one that it has in its place. It tells
// whether that can be done.
func Rewrite(text string, known, now steps.Element) (r Rewritten, ok bool) {
	old, ok := parseSelector(text)
	if !ok {
		return r, false
	}
	was, is := chain(known), chain(now)
	r.Renamed = map[string]string{}
	last := len(old.parts) - 1
	from, to := 0, 0
	for i := last; i >= 0; i-- {
		if i < last {
			combinator := strings.TrimSpace(old.combinators[i+1])
			if combinator == "+" || combinator == "~" {
				return r, false
			}
			before, after := from, to
			if from, ok = placeIn(was, old.parts[i], before, combinator == ">"); !ok {
				return r, false
			}
			if to, ok = counterpart(was[from], is, after, from-before); !ok {
				return r, false
			}
			if combinator == ">" && to != after+1 {
				old.combinators[i+1] = " "
			}
		}
		part := r.part(old.parts[i], was[from], is[to])
		r.Own = r.Own || i == last && part.String() != old.parts[i].String()
		old.parts[i] = part
	}
	r.Selector = old.String()
	return r, r.Selector != strings.TrimSpace(text)
}

// placeIn gives the place of the ancestor behind another that a compound is about.
func placeIn(was []compound, part compound, after int, child bool) (int, bool) {
	for i := after + 1; i < len(was); i++ {
		fits := part.tag() == "" || part.tag() == "*" || part.tag() == was[i].tag()
		for _, simple := range part[1:] {
			if simple[0] == '#' || simple[0] == '.' {
				fits = fits && was[i].has(simple)
			}
		}
		if fits {
			return i, true
		}
		if child {
			break
		}
	}
	return 0, false
}

// counterpart gives the place behind another of the ancestor that stands for one that was
// known: the likest, and of those the one that is as far away.
func counterpart(was compound, is []compound, after, far int) (int, bool) {
	best, at := -1.0, 0
	for i := after + 1; i < len(is); i++ {
		off := float64(i - after - far)
		alike := ancestorsAlike(was.String(), is[i].String()) - 0.05*max(off, -off)
		if alike > best {
			best, at = alike, i
		}
	}
	return at, at > 0
}

// part gives a compound for what stands in the place of what it was about.
func (r *Rewritten) part(part, was, is compound) compound {
	out := compound{part.tag()}
	if part.tag() != "" && part.tag() != "*" && part.tag() != is.tag() {
		out[0] = is.tag()
	}
	named := false
	for _, simple := range part[1:] {
		now := simple
		switch {
		case simple[0] == '#' && !is.has(simple):
			now = idOf(is)
			r.Renamed[simple] = now
			if now == "" {
				r.Renamed[simple] = weakName(is)
			}
		case simple[0] == '.' && !is.has(simple):
			now = classFor(simple, was, is)
		case simple[0] == '[':
			now = attributeFor(simple, was, is)
		}
		if now != "" {
			out = append(out, now)
			named = named || now[0] != ':'
		}
	}
	if !named && out[0] == "" {
		weak := parseCompound(weakName(is))
		out = append(weak, out[1:]...)
	}
	return out
}

// idOf gives what names an element alone: its id, its test id or its name.
func idOf(of compound) string {
	for _, prefix := range []string{"#", "[data-testid=", "[id=", "[name="} {
		for _, simple := range of[1:] {
			if strings.HasPrefix(simple, prefix) {
				return simple
			}
		}
	}
	return ""
}

// weakName gives the tag of an element and its first class.
func weakName(of compound) string {
	for _, simple := range of[1:] {
		if simple[0] == '.' {
			return of.tag() + simple
		}
	}
	return of.tag()
}

// classFor gives the class that is new on an element and likest to one that it has no
// longer; "" where none can be told from the others.
func classFor(old string, was, is compound) string {
	var fresh []string
	for _, simple := range is[1:] {
		if simple[0] == '.' && !was.has(simple) {
			fresh = append(fresh, simple)
		}
	}
	if len(fresh) == 1 {
		return fresh[0]
	}
	best, name := 0.3, ""
	for _, simple := range fresh {
		if alike := textsAlike(old, simple); alike > best {
			best, name = alike, simple
		}
	}
	return name
}

var attributeSelector = regexp.MustCompile(`^\[\s*([\w-]+)\s*(?:([~|^$*]?=)\s*(.*?)\s*([iIsS])?\s*)?\]$`)

// attributeFor gives a selector of an attribute as the element has it now: of that name, or
// of another that has its value; "" where it has neither.
func attributeFor(old string, was, is compound) string {
	m := attributeSelector.FindStringSubmatch(old)
	if m == nil || strings.Contains(old, "${{") {
		return old
	}
	name, value := m[1], strings.Trim(m[3], `"'`)
	moved, changed := "", ""
	for _, simple := range is[1:] {
		n := attributeSelector.FindStringSubmatch(simple)
		if n == nil {
			continue
		}
		mine := strings.Trim(n[3], `"'`)
		switch {
		case n[1] == name && (m[2] != "=" || strings.EqualFold(mine, value)):
			return old
		case n[1] == name:
			changed = "[" + name + "=" + strconv.Quote(mine) + "]"
		case mine == value && len(value) > 1:
			moved = "[" + n[1] + "=" + strconv.Quote(value) + "]"
		}
	}
	if !was.hasAttribute(name) {
		return old // an ancestor's, of which only some are known
	}
	return cmpOr(moved, changed)
}

func (c compound) hasAttribute(name string) bool {
	for _, simple := range c[1:] {
		if m := attributeSelector.FindStringSubmatch(simple); m != nil && m[1] == name {
			return true
		}
	}
	return false
}

var plainName = regexp.MustCompile(`^-?[A-Za-z_][\w-]*$`)

// chain gives an element and its ancestors as compounds of all that is known of them.
func chain(e steps.Element) []compound {
	own := compound{e.Tag}
	if id := e.Attributes["id"]; plainName.MatchString(id) {
		own = append(own, "#"+id)
	}
	for _, class := range strings.Fields(e.Attributes["class"]) {
		if plainName.MatchString(class) {
			own = append(own, "."+class)
		}
	}
	for _, name := range ordered(e.Attributes) {
		own = append(own, "["+name+"="+strconv.Quote(e.Attributes[name])+"]")
	}
	all := []compound{own}
	for _, text := range e.Ancestors {
		all = append(all, parseCompound(text))
	}
	return all
}
