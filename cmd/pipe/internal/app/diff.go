package app

import (
	"context"
	"fmt"
	"strings"

	"pipe/pipeline/report/console"
	"pipe/specs"
	"pipe/specs/document"
)

// DiffOptions are what `pipe diff` takes.
type DiffOptions struct {
	// Profile is laid over both; "" is none.
	Profile string
	// Git is the revision that the one spec is compared with as it was then; "" for two
	// specs.
	Git string
	// Out is the output folder of what is done; "" is that of the new spec.
	Out    string
	AsJSON bool
}

// ExitDiffers is that of `pipe diff` for specs that do not mean the same, as diff has it.
const ExitDiffers = ExitFailed

// diffShown is what `pipe diff --json` tells.
type diffShown struct {
	Was     string         `json:"was"`
	Is      string         `json:"is"`
	Changes []specs.Change `json:"changes"`
	// Done is what the output folder has; nil where nothing has run.
	Done *doneShown `json:"done,omitempty"`
}

// Diff is `pipe diff`: what differs in meaning between two specs, and what of that which is
// done no longer is as the new one would do it. It fails with ExitDiffers when anything
// differs, and with ExitSpec when a spec is wrong.
func Diff(ctx context.Context, paths []string, f DiffOptions, std Std) error {
	was, is, name, err := f.load(ctx, paths)
	if err != nil {
		return err
	}
	shown := diffShown{Was: name, Is: is.File, Changes: specs.Diff(was, is)}
	if shown.Changes == nil {
		shown.Changes = []specs.Change{}
	}
	dir, err := OutFolder(f.Out, is)
	if err != nil {
		return err
	}
	if len(shown.Changes) > 0 {
		if shown.Done, err = doneUnder(ctx, dir, was, is, shown.Changes); err != nil {
			return err
		}
	}
	if f.AsJSON {
		err = writeQuietJSON(std, shown)
	} else {
		fmt.Fprint(std.Out, console.CleanLines(shown.text(dir)))
	}
	if err == nil && len(shown.Changes) > 0 {
		return Exit(ExitDiffers, nil)
	}
	return err
}

// load reads both specs, without what only the machine has: it is not part of them.
func (f DiffOptions) load(ctx context.Context, paths []string) (was, is *specs.Spec, name string, err error) {
	r := SpecOptions{Profile: f.Profile, Given: true}
	if f.Git == "" {
		if was, _, err = r.Load(paths[0]); err != nil {
			return nil, nil, "", err
		}
		is, _, err = r.Load(paths[1])
		return was, is, paths[0], err
	}
	if is, _, err = r.Load(paths[0]); err != nil {
		return nil, nil, "", err
	}
	name = fmt.Sprintf("%s at %s", paths[0], f.Git)
	tree := gitRevision{ctx, f.Git}
	src, err := tree.read(paths[0])
	if err != nil {
		return nil, nil, "", Exit(ExitSpec, fmt.Errorf("reading %s: %w", name, err))
	}
	opts, _, err := r.options()
	if err != nil {
		return nil, nil, "", err
	}
	opts.Include, opts.Columns = tree.read, nil
	if was, err = specs.Parse(paths[0], src, opts); err != nil {
		return nil, nil, "", Exit(ExitSpec, fmt.Errorf("%s is no right spec: %w", name, err))
	}
	return was, is, name, nil
}

func (d diffShown) text(dir string) string {
	var b strings.Builder
	if len(d.Changes) == 0 {
		fmt.Fprintf(&b, "%s and %s mean the same\n", d.Was, d.Is)
		return b.String()
	}
	fmt.Fprintf(&b, "%s between %s and %s\n", Count(len(d.Changes), "change"), d.Was, d.Is)
	for _, c := range d.Changes {
		c.Was, c.Is = document.Shorten(c.Was, changeShown), document.Shorten(c.Is, changeShown)
		fmt.Fprintf(&b, "  %s\n", c)
	}
	if d.Done == nil {
		fmt.Fprintf(&b, "\nnothing has run yet in %s: nothing is stale\n", relative(dir))
		return b.String()
	}
	d.Done.print(&b)
	return b.String()
}

// changeShown is how many bytes of a value are shown.
const changeShown = 300
