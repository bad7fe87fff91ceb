package heal

import (
	"slices"
	"strings"

	"pipe/specs"
)

// rename has the targets go along that name an id which is another now. It is an id's
// nature that it names one thing on all pages.
func (h *Healer) rename(renamed map[string]string) (text []byte, targets []specs.TargetAt, also []string) {
	text, targets = h.text, h.now
	for i := range targets {
		for n := range targets[i].Target.Any {
			l := targets[i].Target.Any[n]
			changed, is := renameIn(l.Selector.Raw(), renamed)
			if !is {
				continue
			}
			with := specs.LocatorText{Selector: changed, Nth: l.Nth, Frame: framesOf(l, make([]string, len(l.Frame)))}
			out, err := replace(text, targets[i], n, with)
			if err != nil {
				continue // where it is needed, it is told
			}
			spec, err := h.Parse(out)
			if err != nil || len(spec.Targets()) != len(targets) {
				continue
			}
			text, targets = out, spec.Targets()
			if path := targets[i].Path; !slices.Contains(also, path) {
				also = append(also, path)
			}
		}
	}
	return text, targets, also
}

// renameIn gives a selector in which ids are others, and tells whether it has any of them.
func renameIn(text string, renamed map[string]string) (string, bool) {
	s, ok := parseSelector(text)
	if !ok {
		return text, false
	}
	for i, part := range s.parts {
		for n := 1; n < len(part); n++ {
			now, is := renamed[part[n]]
			if !is {
				continue
			}
			other := parseCompound(now)
			if part.tag() != "" && other.tag() != "" && part.tag() != other.tag() {
				return text, false
			}
			part = slices.Concat(compound{cmpOr(part.tag(), other.tag())}, part[1:n], other[1:], part[n+1:])
			s.parts[i] = part
			n += len(other) - 2
		}
	}
	out := s.String()
	return out, out != strings.TrimSpace(text)
}
