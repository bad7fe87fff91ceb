package pipeline

import (
	"context"
	"errors"
	"io"
	"os"
	"regexp"
	"slices"
	"time"

	"pipe/specs"
	"pipe/steps"
)

// lookLimit bounds the look at the page of a failure.
const lookLimit = 2 * time.Second

// judge decides the class of an attempt's failure, and is the one place where
// that is done: by the first of the spec's rules that fits, else by what the
// error is. scene is the page where it failed, nil when that is on with another
// item.
func (r *run) judge(ctx context.Context, a *attempt, scene *steps.Scene) {
	a.class, a.asked = classify(a.err)
	rules := r.cfg.Spec.Classify
	if len(rules) == 0 || a.class == Interrupted {
		return
	}
	f := failureOf(a, scene)
	var able []*specs.Classify
	for i := range rules {
		if r.fits(&rules[i], f, a) {
			if able = append(able, &rules[i]); !rules[i].OnPage() {
				break // it fits whatever the page shows
			}
		}
	}
	shown := slices.DeleteFunc(slices.Clone(able), func(c *specs.Classify) bool { return !c.OnPage() })
	if i := r.shown(ctx, shown, f, a, scene); i >= 0 {
		a.class = Class(shown[i].Class)
	} else if len(shown) < len(able) {
		a.class = Class(able[len(able)-1].Class)
	}
}

// failure is what rules are about.
type failure struct {
	status int
	url    string
	page   bool
	values specs.Values
}

func failureOf(a *attempt, scene *steps.Scene) failure {
	var f failure
	if scene != nil && scene.Page != nil {
		f.page, f.url = true, scene.Page.URL()
	}
	var status *steps.StatusError
	if errors.As(a.err, &status) {
		f.status = status.Status
		if !f.page {
			f.url = status.URL
		}
	}
	f.values = a.values.With("error", map[string]any{
		"message": a.err.Error(), "class": string(a.class), "step": a.step, "status": f.status, "url": f.url,
	})
	return f
}

// fits tells whether a rule fits a failure, but for what the page shows.
func (r *run) fits(rule *specs.Classify, f failure, a *attempt) bool {
	if len(rule.Status) > 0 && !slices.Contains(rule.Status, f.status) || rule.URL != "" && !steps.Glob(rule.URL)(f.url) {
		return false
	}
	holds, err := rule.If.Holds(f.values)
	if err != nil {
		r.cfg.Log.Warn("a rule under classify cannot be evaluated", "item", a.job.item.Key, "error", r.redact(err.Error()))
	}
	return holds
}

// shown gives the index of the first rule whose sign is to be seen, or -1.
func (r *run) shown(ctx context.Context, rules []*specs.Classify, f failure, a *attempt, scene *steps.Scene) int {
	if len(rules) == 0 || !f.page {
		return slices.IndexFunc(rules, func(c *specs.Classify) bool {
			return !c.Selector.Given() && a.came != "" && steps.Holds(a.came, c.Text)
		})
	}
	ctx, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	scene.Values = f.values
	signs := make([]steps.Sign, len(rules))
	for i, c := range rules {
		signs[i] = steps.Sign{Target: c.Selector, Text: c.Text}
	}
	if f.status != 0 {
		// The status is known before the page that came with it is there.
		return scene.Watch(ctx, signs)
	}
	return slices.IndexFunc(signs, func(s steps.Sign) bool {
		there, err := scene.Sees(ctx, s)
		return there && err == nil
	})
}

// cameLimit is how much of a wrong file is looked at.
const cameLimit = 64 << 10

var markup = regexp.MustCompile(`(?s)<(script|style)\b.*?</(script|style)>|<[^>]*>`)

// textOf reads the start of a file that is not what it should be: as a rule, a
// page that says why.
func textOf(f Staged) string {
	file, err := os.Open(f.Path())
	if err != nil {
		return ""
	}
	defer func() { _ = file.Close() }()
	head, err := io.ReadAll(io.LimitReader(file, cameLimit))
	if err != nil {
		return ""
	}
	return markup.ReplaceAllString(string(head), " ")
}
