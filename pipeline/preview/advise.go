package preview

import (
	"context"
	"errors"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/engine"
	"pipe/specs"
)

// Advice is what was seen of items that were looked at both by a page and without one.
type Advice struct {
	// Items is how many came out by a page, Navigate for how many of them the way needs no
	// page, Download for how many neither do the files.
	Items    int `json:"items"`
	Navigate int `json:"navigate"`
	Download int `json:"download"`
	// ByPage and Without are what an item took, without its files.
	ByPage  time.Duration `json:"by_page_ns"`
	Without time.Duration `json:"without_ns"`
	// Reasons are why items need a page, each once, with their places.
	Reasons []string `json:"reasons,omitempty"`
	// Until is where the looks had to end, as what comes then may change something on the
	// site; "" for nowhere.
	Until string `json:"until,omitempty"`
	// Failed are the items that came to nothing by a page either.
	Failed []FailedItem `json:"failed,omitempty"`
}

// Advise looks at the first items that are not done, both ways: files are not taken, and
// what may change something on the site is not done. led is nil when there is none. Of cfg
// it needs Spec, ReadRows, Pages and Store.
func Advise(ctx context.Context, cfg engine.Config, led pipeline.Standings, most int) (Advice, error) {
	var out Advice
	both := *cfg.Spec
	both.Navigate.Via, both.Download.Via = specs.HTTP, specs.HTTP
	cfg.Spec = &both
	for row, err := range sourceRows(ctx, &cfg, nil, nil) {
		if err != nil {
			return out, err
		}
		if row.bad != "" || row.duplicate {
			continue
		}
		if led != nil {
			if known, found, err := led.Stands(ctx, row.item.Key); err != nil {
				return out, err
			} else if found && known.Status.Well() {
				continue
			}
		}
		index, worker, err := workerFor(&cfg, row.item)
		if err != nil {
			continue // the run will tell
		}
		seen, err := engine.CompareWays(ctx, cfg, row.item, index, worker)
		if err != nil {
			return out, err
		}
		out.add(row.item.Key, seen, cfg.Redact)
		if out.Items+len(out.Failed) >= most {
			break
		}
	}
	if out.Items == 0 && len(out.Failed) == 0 {
		return out, errors.New("there is no item that is still to be done, for a look at it")
	}
	if out.Items > 0 {
		out.ByPage /= time.Duration(out.Items)
		out.Without /= time.Duration(out.Items)
	}
	return out, nil
}

func (a *Advice) add(key string, seen engine.WaysCompared, redact func(string) string) {
	if seen.Failed != nil {
		a.Failed = append(a.Failed, FailedItem{redact(key), redact(pipeline.Located(seen.Failed).Error())})
		return
	}
	a.Items++
	a.Until = seen.Until
	a.ByPage += seen.ByPage
	a.Without += seen.Without
	if seen.Stage != "navigate" {
		a.Navigate++
	}
	if seen.Stage == "" {
		a.Download++
		return
	}
	why := redact(seen.Why)
	if seen.Place != "" {
		why = seen.Place + ": " + why
	}
	for _, known := range a.Reasons {
		if known == why {
			return
		}
	}
	a.Reasons = append(a.Reasons, why)
}
