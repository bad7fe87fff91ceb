package app

import (
	"fmt"
	"io"
	"strings"
	"time"

	"pipe/pipeline/report/console"
)

// shownMost is how many items a plan names, shownPrinted how many it prints.
const (
	shownMost    = 100
	shownPrinted = 10
)

// print writes the forecast as text.
func (p *Forecast) print(to io.Writer) {
	fmt.Fprintf(to, "%s, from %s\n", p.Spec, console.Clean(p.From))
	if p.Known {
		p.printItems(to)
	} else {
		fmt.Fprintf(to, "`pipe plan %s --export` fetches it, with a browser and a login\n", shellWordOr(p.path, "SPEC"))
	}
	if p.ChangedSince > 0 {
		fmt.Fprintf(to, "the spec has changed since %s failed: `%s` tries them with it as it is now\n", Count(p.ChangedSince, "item"), p.retry)
	}
	p.doubts.Print(to, "")
	accounts := "no login"
	if n := len(p.Accounts); n > 0 {
		accounts = Count(n, "account") + " (" + strings.Join(p.Accounts[:min(n, shownPrinted)], ", ") + ")"
	}
	fmt.Fprintf(to, "%s, %s, %s\n", accounts, Count(p.Sessions, "session"), Count(p.Workers, "worker"))
	switch {
	case p.Items == 0:
		fmt.Fprintln(to, "expected duration: no history yet")
	case p.ToDo == 0:
		fmt.Fprintf(to, "expected duration: nothing to do (an item took %v, the median of %d)\n", shortTime(p.PerItem), p.Items)
	default:
		fmt.Fprintf(to, "expected duration: about %v, by %s (an item took %v, the median of %d)\n", shortTime(p.Expected), p.Bound, shortTime(p.PerItem), p.Items)
	}
}

func (p *Forecast) printItems(to io.Writer) {
	skipped := ""
	if p.Skipped > 0 {
		skipped = fmt.Sprintf(" + skipped %d", p.Skipped)
	}
	fmt.Fprintf(to, "rows %d = new %d + pending %d + failed %d + done %d%s + duplicates %d + bad %d\n",
		p.Rows, p.New, p.Pending, p.Failed, p.Done, skipped, p.Duplicates, p.Bad)
	fmt.Fprintf(to, "to do: %s", Count(p.ToDo, "item"))
	if p.Due > 0 {
		fmt.Fprintf(to, ", %d of them done and due again", p.Due)
	}
	fmt.Fprintln(to)
	if p.Changed > 0 {
		fmt.Fprintf(to, "changed: %s not as on record (%d of them done: --again does them again): %s\n",
			Count(p.Changed, "row"), p.ChangedDone, firstOf(p.ChangedKeys, p.Changed))
	}
	for i, f := range p.FailedKeys {
		if i == shownPrinted {
			fmt.Fprintf(to, "failed before: %d more, see `pipe status %s`\n", p.Failed-i, shellWordOr(p.path, "SPEC"))
			break
		}
		fmt.Fprintf(to, "failed before: %s  %s\n", console.Clean(f.Key), console.Clean(f.Reason))
	}
	if p.Short != "" {
		fmt.Fprintf(to, "SHORT LIST: %s\n", console.Clean(p.Short))
	}
	for i, row := range p.BadRows {
		if i == shownPrinted {
			fmt.Fprintf(to, "bad row: %d more\n", p.Bad-i)
			break
		}
		fmt.Fprintf(to, "bad row: %s\n", console.Clean(row))
	}
}

// firstOf names the first of n.
func firstOf(keys []string, n int) string {
	shown := keys[:min(len(keys), shownPrinted)]
	text := console.Clean(strings.Join(shown, ", "))
	if n > len(shown) {
		text += ", …"
	}
	return text
}

// shortTime gives a duration as a person says it.
func shortTime(d time.Duration) time.Duration {
	switch {
	case d >= time.Minute:
		return d.Round(time.Second)
	case d >= time.Second:
		return d.Round(100 * time.Millisecond)
	default:
		return d.Round(time.Millisecond)
	}
}
