package specs

import "sync"

// readContext is what a spec says of all values that are read.
type readContext struct {
	spec *Spec

	mu sync.Mutex
	// told are the fields whose doubts are known, tell is who hears of them.
	told map[string]bool
	tell func(place, doubt string)
}

// locale gives the locale of a value: its own, or that of the browser's contexts.
func (r Read) locale() string {
	if r.Locale != "" || r.context == nil || r.context.spec == nil {
		return r.Locale
	}
	// One that is an account's own is not known here.
	locale, err := r.context.spec.Browser.Context.Locale.Text(r.context.spec.Values)
	if err != nil {
		return ""
	}
	return locale
}

// doubt tells of a value that can be read in two ways, once for each field.
func (c *readContext) doubt(place, text string) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tell == nil || c.told[place] {
		return
	}
	c.told[place] = true
	c.tell(place, text)
}

// OnDoubt has values told that can be read in two ways, once for each field.
func (s *Spec) OnDoubt(tell func(place, doubt string)) {
	if s.reads == nil {
		return
	}
	s.reads.mu.Lock()
	defer s.reads.mu.Unlock()
	s.reads.tell, s.reads.told = tell, map[string]bool{}
}
