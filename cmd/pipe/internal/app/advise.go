package app

import (
	"context"
	"fmt"
	"io"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/preview"
	"pipe/pipeline/report/console"
	"pipe/specs"
	"pipe/specs/secret"
)

// advise is `pipe plan --advise`: items that are to be done are looked at both ways.
func (f PlanOptions) advise(ctx context.Context, spec *specs.Spec, secrets *secret.Store, std Std) error {
	dir, err := OutFolder(f.Out, spec)
	if err != nil {
		return err
	}
	led, err := readLedger(ctx, dir)
	if err != nil {
		return err
	}
	var standings pipeline.Standings
	if led != nil {
		defer func() { _ = led.Close() }()
		standings = led
	}
	var advice preview.Advice
	err = untilInterrupted(ctx, func(ctx context.Context) error {
		s, err := openSandbox(ctx, spec, secrets, "", dir, std.Err)
		if err != nil {
			return err
		}
		defer func() { _ = s.close(ctx) }()
		advice, err = preview.Advise(ctx, s.config(), standings, f.Advise)
		return err
	})
	switch {
	case err != nil:
		return err
	case f.AsJSON:
		err = writeJSON(std, advice)
	default:
		printAdvice(redacted{std.Out, secrets}, spec, &advice)
	}
	if err == nil && advice.Items == 0 {
		return Exit(ExitFailed, nil)
	}
	return err
}

func printAdvice(to io.Writer, spec *specs.Spec, a *preview.Advice) {
	fmt.Fprintf(to, "%s, %s looked at both by a page and without one\n", spec.Name, Count(a.Items+len(a.Failed), "item"))
	for _, one := range a.Failed {
		fmt.Fprintf(to, "  %s came to nothing by a page either: %s\n", console.Clean(one.Key), console.Clean(one.Reason))
	}
	if a.Items == 0 {
		return
	}
	stages := []struct {
		name  string
		works int
	}{{"navigate", a.Navigate}, {"download", a.Download}}
	for _, s := range stages {
		fmt.Fprintf(to, "%s: %d of %d come out the same without a page\n", s.name, s.works, a.Items)
	}
	for _, why := range a.Reasons {
		fmt.Fprintf(to, "  %s\n", console.Clean(why))
	}
	if a.Until != "" {
		fmt.Fprintf(to, "  both looks end before %s, which may change something on the site; if it does not, say `writes: false` there\n", console.Clean(a.Until))
	}
	fmt.Fprintf(to, "an item took %v by a page and %v without, before its files\n", a.ByPage.Round(time.Millisecond), a.Without.Round(time.Millisecond))
	switch {
	case a.Download == a.Items:
		fmt.Fprintln(to, "next: give navigate and download `via: http`")
	case a.Navigate == a.Items:
		fmt.Fprintln(to, "next: give navigate `via: http`; a page takes the files from there")
	case a.Download > 0:
		fmt.Fprintln(to, "next: with `via: http` some items go on by a page; it is worth it where these are few")
	default:
		fmt.Fprintln(to, "next: leave it as it is; the site needs a page")
	}
}
