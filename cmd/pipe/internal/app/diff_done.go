package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"pipe/pipeline"
	"pipe/specs"
)

// doneShown is what there is of items that are done, and what the changes of a spec mean for
// them.
type doneShown struct {
	Folder string `json:"folder"`
	// Done items are done; of these Before by the spec before the changes, After by that
	// after them, and Other by yet another.
	Done   int `json:"done"`
	Before int `json:"before"`
	After  int `json:"after"`
	Other  int `json:"other"`
	// Stale are the kinds of things that are no longer as the spec would make them.
	Stale []staleShown `json:"stale"`
	// Due are the done items that the next run does again, as refresh says, whatever their
	// rows hold.
	Due int `json:"due"`
	// Not are the fields whose changes leave what is done as right as it was.
	Not []string `json:"not_stale"`
	// Keys are some of the items that may be stale.
	Keys []string `json:"keys"`

	line string
	// refresh is true where the rule has changed.
	refresh bool
}

// staleShown is one kind of things that are no longer as the spec would make them, and why.
type staleShown struct {
	What string   `json:"what"`
	Why  string   `json:"why"`
	By   []string `json:"by"`
}

// effect is what a change of a field does to what is done.
type effect struct {
	what, why string
	// of tells whether a path is one of its fields.
	of func(path string) bool
}

func under(names ...string) func(string) bool {
	return func(path string) bool {
		return slices.ContainsFunc(names, func(name string) bool {
			return path == name || strings.HasPrefix(path, name+".") || strings.HasPrefix(path, name+"[")
		})
	}
}

// effects are what changes do to what is done; the first that fits a field counts.
var effects = []effect{
	{"the output folder", "the folder goes by the name: under the new one nothing is done", under("name")},
	{"the keys", "what is done stands under its old keys; a run refuses this folder, unless with --adopt", under("key")},
	{"the site", "what is done is of another site, if the address is; a run refuses this folder then, unless with --adopt", under("base_url")},
	{"the files' names", "the files have their old names; a run refuses this folder, unless with --adopt", func(path string) bool {
		return strings.HasSuffix(path, ".capture.as")
	}},
	{"the proof of the files", "the files were proved by another rule; `pipe verify` holds them against the new one", func(path string) bool {
		return strings.Contains(path, ".capture.expect")
	}},
	{"the files", "they were taken by other steps", under("navigate", "download")},
	{"the place of the files", "they are where they were put", under("files")},
	{"the records", "they were made of other fields", under("record")},
	{"the list", "an item that it no longer has stays done, and one that it has beside is done in the next run", under("source")},
}

// doneUnder reads what is done in an output folder, and what changes of the spec mean for
// it; nil when nothing has run there.
func doneUnder(ctx context.Context, dir string, was, is *specs.Spec, changes []specs.Change) (*doneShown, error) {
	led, err := readLedger(ctx, dir)
	if led == nil {
		return nil, err
	}
	defer func() { _ = led.Close() }()
	d := &doneShown{Folder: relative(dir), Stale: []staleShown{}, Not: []string{}, Keys: []string{}}
	d.line = "pipe run " + SpecOptions{}.words(is, dir) + " --again KEY,KEY"
	oldRule, newRule, now := pipeline.RefreshOf(was), pipeline.RefreshOf(is), time.Now()
	for item, err := range led.Details(ctx, pipeline.Done) {
		if err != nil {
			return nil, Exit(ExitEnvironment, err)
		}
		d.Done++
		// The next run begins after the newest one, and with rows that nobody knows yet.
		row := pipeline.DoneItem{Finished: item.Finished, Round: now}
		if newRule.Due(row, nil, now) && !oldRule.Due(row, nil, now) {
			d.Due++
		}
		switch item.Revision {
		case is.Revision:
			d.After++
			continue
		case was.Revision:
			d.Before++
		default:
			d.Other++
		}
		if len(d.Keys) < keysShown {
			d.Keys = append(d.Keys, item.Key)
		}
	}
	d.sort(is, changes)
	return d, nil
}

// keysShown is how many keys are shown of those that may be stale.
const keysShown = 5

// sort puts the changes to what they make stale.
func (d *doneShown) sort(is *specs.Spec, changes []specs.Change) {
	found := map[string]*staleShown{}
	for _, c := range changes {
		is := is.UsesOf(c.Path)
		hit := false
		for _, e := range effects {
			if !slices.ContainsFunc(is, e.of) {
				continue
			}
			if found[e.what] == nil {
				found[e.what] = &staleShown{What: e.what, Why: e.why}
			}
			found[e.what].By, hit = append(found[e.what].By, c.Path), true
			if len(is) == 1 {
				break
			}
		}
		if under("refresh")(c.Path) {
			d.refresh = true
		} else if !hit {
			d.Not = append(d.Not, c.Path)
		}
	}
	for _, e := range effects {
		if s := found[e.what]; s != nil {
			d.Stale = append(d.Stale, *s)
		}
	}
}

func (d *doneShown) print(b *strings.Builder) {
	fmt.Fprintf(b, "\n%s has %s done: %d by the spec before, %d by the one after", d.Folder, Count(d.Done, "item"), d.Before, d.After)
	if d.Other > 0 {
		fmt.Fprintf(b, ", %d by others, of which nobody knows how far they were as either", d.Other)
	}
	fmt.Fprintln(b)
	old := d.Before + d.Other
	for _, s := range d.Stale {
		fmt.Fprintf(b, "  stale of %d: %s: %s (%s)\n", old, s.What, s.Why, strings.Join(s.By, ", "))
	}
	if d.refresh {
		fmt.Fprintf(b, "  due by refresh as it is now: %s, beside those whose rows have changed, where it looks at them; `pipe plan` tells which\n", Count(d.Due, "item"))
	}
	if len(d.Not) > 0 {
		fmt.Fprintf(b, "  not stale by %s: how the work is done, and not what comes of it\n", strings.Join(d.Not, ", "))
	}
	if len(d.Stale) > 0 && old > 0 {
		keys := strings.Join(d.Keys, " ")
		if old > len(d.Keys) {
			keys += fmt.Sprintf(" … and %d more", old-len(d.Keys))
		}
		fmt.Fprintf(b, "what is done stays done, and as it is: %s\nto do some of them again: %s\n", keys, d.line)
	}
}
