package engine

import (
	"context"
	"strings"
	"time"

	"pipe/pipeline"
	"pipe/specs"
	"pipe/steps"
)

// outcome is what an item came to one way, for it to be held against what it comes to the
// other way.
type outcome struct {
	read     map[string]any
	at       string
	found    any
	captures []string
	err      error
}

// look does an item without asking for what may change something, and takes none of its
// files. It tells whether the page may still be busy.
func look(ctx context.Context, spec *specs.Spec, reporter *pipeline.Reporter, page pipeline.Page, a *Attempt, download bool) (o *outcome, abandoned bool) {
	limited, cancel := context.WithTimeout(ctx, spec.Timeouts.Item.Std())
	defer cancel()
	on := pipeline.NewStepContext(spec, page, a.Values, "")
	defer on.StopDialogs()
	on.FailOn, on.OnlyLooks = spec.FailOn, true
	on.SendsThrough()
	o = &outcome{read: a.Read}
	on.Intercept = func(_ context.Context, step *specs.Step) (bool, error) {
		capture, takes := step.Do.(*steps.Capture)
		switch {
		case on.Static() && steps.WithoutPage(step) != "":
			return true, &steps.NeedsPageError{Reason: "a step " + step.Verb + " (" + steps.WithoutPage(step) + ")"}
		case takes && on.Static():
			return false, nil
		case takes:
			expected, err := capture.Expected(on.Values)
			o.captures = append(o.captures, step.Path+" "+expected.Name)
			return true, err
		case steps.Writes(step):
			return true, steps.ErrOnlyLooks
		}
		return false, nil
	}
	o.err = pipeline.WhileWatched(limited, page, on, func(ctx context.Context) error {
		item := ItemSteps{Spec: spec, Page: page, Reporter: reporter, Worker: a.Worker.Name, Key: a.job.item.Key}
		if err := item.GoHome(ctx, on); err != nil {
			return err
		}
		if err := on.Run(ctx, spec.Navigate.Steps); err != nil {
			return err
		}
		if !download {
			o.at = on.Page.URL()
			return nil
		}
		if err := on.Run(ctx, spec.Download.Steps); err != nil {
			return err
		}
		return item.ReadFields(ctx, on, a.Read)
	})
	o.found = plainOf(on.Values["steps"])
	for _, c := range on.Captures {
		o.captures = append(o.captures, c.Step.Path+" "+c.Name)
		c.Delivery.Discard()
	}
	return o, on.Abandoned
}

// WaysCompared is what an item came to by a page and without one, neither of which took its
// files or changed anything on the site.
type WaysCompared struct {
	ByPage, Without time.Duration
	// Stage is the first that needs a page, "navigate" or "download", "" for none, and
	// Why says why, at Place.
	Stage, Why, Place string
	// Until is where both had to end, as what comes then may change something on the site;
	// "" for nowhere.
	Until string
	// Failed is why the item came to nothing by a page, so that nothing is known.
	Failed error
}

// CompareWays does an item both ways. Of cfg it needs Spec and Pages.
func CompareWays(ctx context.Context, cfg Config, item pipeline.Item, index int, worker pipeline.Worker) (WaysCompared, error) {
	var out WaysCompared
	var ways [2]*outcome
	for i, open := range []func(context.Context, int) (pipeline.Page, error){cfg.Pages.Open, cfg.Pages.OpenStatic} {
		page, err := open(ctx, index)
		if err != nil {
			return out, err
		}
		began := time.Now()
		a := NewAttempt(item, worker, pipeline.AccountValues(cfg.Spec, worker.Account))
		var abandoned bool
		ways[i], abandoned = look(ctx, cfg.Spec, cfg.Reporter(), page, a, true)
		*[]*time.Duration{&out.ByPage, &out.Without}[i] = time.Since(began)
		if page.Done(); abandoned {
			page.Discard()
		}
		if ctx.Err() != nil {
			return out, ctx.Err()
		}
	}
	by, without := ways[0], ways[1]
	if isOnlyLook(without.err) {
		out.Until = pipeline.PlaceOf(without.err)
	}
	switch {
	case by.err != nil && !isOnlyLook(by.err):
		out.Failed = by.err
	case without.err != nil && !isOnlyLook(without.err):
		out.Place, out.Why = pipeline.PlaceOf(without.err), without.err.Error()
		out.Stage = "download"
		if strings.HasPrefix(out.Place, "navigate") || strings.HasPrefix(out.Place, "login") {
			out.Stage = "navigate"
		}
	default:
		if out.Why = without.against(by, without.err == nil && by.err == nil); out.Why != "" {
			out.Stage = "download"
		}
	}
	return out, nil
}
