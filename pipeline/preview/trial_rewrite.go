package preview

import (
	"fmt"
	"slices"

	"pipe/specs"
)

// Rewrite has the trial go on by a spec that has changed, and says from where.
func (t *Trial) Rewrite(spec *specs.Spec) string {
	old := t.cfg.Spec
	t.cfg.Spec, t.reports.spec, t.reports.warnings = spec, spec, nil
	if t.on == nil {
		return "from the start"
	}
	all := slices.Concat(spec.Navigate.Steps, spec.Download.Steps)
	same := 0
	for same < min(len(all), len(t.all)) && specs.Fingerprint(all[same]) == specs.Fingerprint(t.all[same]) {
		same++
	}
	why := ""
	switch {
	case around(old) != around(spec):
		why = "what is around the steps has changed"
	case specs.Fingerprint(old.Record) == specs.Fingerprint(spec.Record) && same == len(all) && same == len(t.all):
		why = "no step has changed"
	case slices.ContainsFunc(t.all[:max(t.at, 0)], func(s specs.Step) bool { return t.Until != "" && isStep(&s, t.Until) }):
		why = "the last step is behind the page"
	case same < t.at:
		why = changedAt(all, same) + " has changed, and the page is past it"
	case !t.trusted:
		why = "the page does not stand where it was"
	}
	if why != "" {
		t.Leave()
		return "from the start: " + why
	}
	t.all = all
	if t.at >= len(all) {
		return "from the record on: the steps are as they were"
	}
	return fmt.Sprintf("from %s on: the steps before it are as they were", all[t.at].Path)
}

func changedAt(all []specs.Step, i int) string {
	if i < len(all) {
		return all[i].Path
	}
	return "the end of the steps"
}

// around is what a spec says beside the steps of an item, as far as it bears on
// one.
func around(s *specs.Spec) string {
	return specs.Fingerprint([]any{s.BaseURL, s.Vars, s.Navigate.Home, s.Timeouts, s.Login, s.Values["vars"]})
}

// Session tells whether two specs have different logins or browsers: what is
// open goes by the old one.
func Session(a, b *specs.Spec) bool {
	of := func(s *specs.Spec) string {
		return specs.Fingerprint([]any{s.BaseURL, s.Login, s.Browser, s.Pool, s.Source, s.Key, s.Account})
	}
	return of(a) != of(b)
}

// Leave gives the page back; the next Run begins anew.
func (t *Trial) Leave() {
	if t.on != nil {
		t.on.StopDialogs()
		for _, c := range t.on.Captures {
			c.Delivery.Discard()
		}
	}
	if t.page != nil {
		// Of no use to the next: what was on it may be half done.
		t.page.Done()
		t.page.Discard()
	}
	t.on, t.page, t.attempt = nil, nil, nil
}
