package specs

import (
	"reflect"

	"pipe/specs/definition"
)

// Retry says how often a failed item is tried, in all and by class.
type Retry struct {
	Attempts    int        `yaml:"attempts" default:"3" doc:"how often an item is tried in all"`
	Backoff     Backoff    `yaml:"backoff" doc:"the wait before the next try; it doubles each time"`
	Confirm     []string   `yaml:"confirm" enum:"not_found,rejected,skip" doc:"what ends an item only once a second look, on a fresh page, has come to the same; the first look costs no try. Default all three, [] for none"`
	NotFound    *ClassRule `yaml:"not_found" doc:"the site does not know the item; default 1 attempt, confirmed by a second look; with attempts there is no such look, so that 1 takes the first for it"`
	Rejected    *ClassRule `yaml:"rejected" doc:"the site refuses the item; as not_found"`
	Transient   *ClassRule `yaml:"transient" doc:"time-outs, resets, server errors"`
	RateLimited *ClassRule `yaml:"rate_limited" doc:"the site asks for a slower pace: it holds the whole site back; costs no try, 20 attempts"`
	SessionLost *ClassRule `yaml:"session_lost" doc:"the login is gone; costs no try, 20 attempts"`
	ProofFailed *ClassRule `yaml:"proof_failed" doc:"a file is not what is expected"`
	SiteDown    *ClassRule `yaml:"site_down" doc:"the site cannot be reached: it is held back and asked by one item at a time; costs no try, 20 attempts"`
	Crashed     *ClassRule `yaml:"crashed" doc:"the page or the browser died"`
	Spec        *ClassRule `yaml:"spec" doc:"the spec is wrong for the item; default 1 attempt"`
}

// Backoff is the wait before another try.
type Backoff struct {
	Initial Duration `yaml:"initial" default:"2s" short:"true" doc:"before the second try"`
	Max     Duration `yaml:"max" default:"30s" doc:"the most"`
}

// ClassRule overrides the retry rule for one class of failure.
type ClassRule struct {
	Attempts int      `yaml:"attempts" short:"true" doc:"how often an item may fail so"`
	Backoff  *Backoff `yaml:"backoff" doc:"the wait before the next try"`
	Costs    *bool    `yaml:"costs" doc:"whether such a failure counts against the item's attempts in all"`
}

// Of gives the rule that the spec has for a class, or nil.
func (r *Retry) Of(class string) *ClassRule {
	v := reflectOf(r)
	for _, f := range definition.Fields(v.Type()) {
		if own, ok := v.FieldByIndex(f.Index).Interface().(*ClassRule); ok && f.Key == class {
			return own
		}
	}
	return nil
}

// EndClasses names the classes in which items may fail: those that have a rule under
// retry, and the one that is never tried again.
func EndClasses() []string { return append(Classes(), "uncertain") }

// Classes names the classes of failure that have a rule under retry.
func Classes() []string {
	var names []string
	for _, f := range definition.Fields(reflect.TypeFor[Retry]()) {
		if f.Type == reflect.TypeFor[*ClassRule]() {
			names = append(names, f.Key)
		}
	}
	return names
}
