package engine

import (
	"context"
	"errors"
	"slices"
	"time"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/specs/expr"
	"pipe/steps"
)

// lookLimit bounds the look at the page of a failure.
const lookLimit = 2 * time.Second

// classifier decides the class of an attempt's failure, and is the one place
// where that is done.
type classifier struct {
	rules    []specs.Classify
	reporter *pipeline.Reporter
}

// classify goes by the first of the spec's rules that fits, else by what the
// error is. on is the page where it failed, nil when that is on with another
// item.
func (c *classifier) classify(ctx context.Context, a *Attempt, on *steps.StepContext) {
	a.class, a.asked = pipeline.Classify(a.Err)
	rules := c.rules
	if len(rules) == 0 || a.class == pipeline.Interrupted || a.class == pipeline.Uncertain {
		return
	}
	f := failureOf(a, on)
	var able []*specs.Classify
	for i := range rules {
		if c.fits(ctx, &rules[i], f, a) {
			if able = append(able, &rules[i]); !rules[i].OnPage() {
				break // it fits whatever the page shows
			}
		}
	}
	shown := slices.DeleteFunc(slices.Clone(able), func(rule *specs.Classify) bool { return !rule.OnPage() })
	if i := c.shown(ctx, shown, f, a, on); i >= 0 {
		a.class = pipeline.Class(shown[i].Class)
	} else if len(shown) < len(able) {
		a.class = pipeline.Class(able[len(able)-1].Class)
	}
}

// failure is what rules are about.
type failure struct {
	status int
	url    string
	page   bool
	values expr.Values
}

func failureOf(a *Attempt, on *steps.StepContext) failure {
	var f failure
	if on != nil && on.Page != nil {
		f.page, f.url = true, on.Page.URL()
	}
	var status *steps.StatusError
	if errors.As(a.Err, &status) {
		f.status = status.Status
		if !f.page {
			f.url = status.URL
		}
	}
	f.values = a.Values.With("error", map[string]any{
		"message": a.Err.Error(), "class": string(a.class), "step": a.Step, "status": f.status, "url": f.url,
	})
	return f
}

// fits tells whether a rule fits a failure, but for what the page shows.
func (c *classifier) fits(ctx context.Context, rule *specs.Classify, f failure, a *Attempt) bool {
	if len(rule.Status) > 0 && !slices.Contains(rule.Status, f.status) || rule.URL != "" && !steps.Glob(rule.URL)(f.url) {
		return false
	}
	holds, err := rule.If.Holds(f.values)
	if err != nil {
		c.reporter.Warn(ctx, "a rule under classify cannot be evaluated", "item", a.job.item.Key, "error", err)
	}
	return holds
}

// shown gives the index of the first rule whose sign is to be seen, or -1.
func (c *classifier) shown(ctx context.Context, rules []*specs.Classify, f failure, a *Attempt, on *steps.StepContext) int {
	if len(rules) == 0 || !f.page {
		return slices.IndexFunc(rules, func(rule *specs.Classify) bool {
			return !rule.Selector.Given() && a.wrongText != "" && steps.ContainsText(a.wrongText, rule.Text)
		})
	}
	ctx, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	on.Values = f.values
	signs := make([]steps.PageSign, len(rules))
	for i, rule := range rules {
		signs[i] = steps.PageSign{Target: rule.Selector, Text: rule.Text}
	}
	if f.status != 0 {
		// The status is known before the page that came with it is there.
		return on.WaitForAny(ctx, signs)
	}
	return slices.IndexFunc(signs, func(s steps.PageSign) bool {
		there, err := on.IsShown(ctx, s)
		return there && err == nil
	})
}
