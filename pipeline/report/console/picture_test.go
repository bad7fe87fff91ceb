package console

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"pipe/pipeline"
	"pipe/pipeline/report/progress"
)

var update = flag.Bool("update", false, "write the golden files anew")

// drawn is the picture after these events, without its colours.
func drawn(at time.Time, width, height int, events ...pipeline.Event) string {
	var p progress.Progress
	for _, e := range events {
		p.Add(e)
	}
	k := keyboard{}
	return ansi.Strip(picture{Progress: &p, now: at, width: width, height: height, keys: k.lines(width - 1)}.draw())
}

func wantAll(t *testing.T, got string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(got, text) {
			t.Errorf("the picture has no %q:\n%s", text, got)
		}
	}
}

func TestPicture(t *testing.T) {
	t.Parallel()
	all := night()
	wantAll(t, drawn(after(3), 100, 24, all[:3]...), "reading the source…", "c1p1  reading the source", "source.export.steps[0].goto")
	wantAll(t, drawn(after(11), 100, 24, all[:8]...),
		"inventory  run 7", " 11s\n", "0 done  0 skipped  0 failed  5 pending  1 duplicates  0 bad rows", "c1p1  idle", "c1p2  idle",
		"1 file on its way", " 17 %", "time left: not known before something is done")
	got := drawn(after(60), 100, 24, all[:10]...)
	wantAll(t, got, "1 done  0 skipped  0 failed  4 pending", "1.1 a minute  up to 11 min left  ends 12:01–12:11", "c1p2  B2        open", "47s  attempt 2", "no file is on its way", "last      A1 7s")
	if strings.Contains(got, "0s left") {
		t.Error("nothing takes no time")
	}
	wantAll(t, drawn(after(60), 100, 24, all...), "failed    12:00:30  B2, attempt 3, not_found: no vehicle B2", "last      B2 failed  A1 7s")
}

// The time left is that of what this run will still do, and never a time of nothing.
func TestPictureOfWhatIsLeft(t *testing.T) {
	t.Parallel()
	all := night()
	all[4].ToDo = 2
	got := drawn(after(20), 100, 24, all[:11]...)
	wantAll(t, got, "this run does 1 more", "4 pending")
	for _, e := range []pipeline.Event{{Time: after(21), Kind: pipeline.Paused}, {Time: after(21), Kind: pipeline.Stopping, Reason: "now"}} {
		got := drawn(after(3000), 100, 24, append(all[:11:11], e)...)
		wantAll(t, got, map[pipeline.EventKind]string{pipeline.Paused: "time left: paused", pipeline.Stopping: "now"}[e.Kind])
	}
	if got := drawn(after(40), 100, 24, all...); !strings.Contains(got, "nothing left to begin") || strings.Contains(got, "min left") {
		t.Errorf("this run has done its two:\n%s", got)
	}
}

// busy is a run of a bad night, with names that would play tricks on a terminal.
func busy(keys ...string) []pipeline.Event {
	key := func(i int) string { return keys[i%len(keys)] }
	totals := &pipeline.Totals{In: 2100, Done: 1041, Skipped: 12, Failed: 3, Pending: 1040, Duplicates: 4, Bad: 2}
	all := []pipeline.Event{
		{Time: noon, Kind: pipeline.RunStarted, Run: 12, Spec: "inventory", Workers: []string{"c1p1", "c2p1", "c3p1", "c1p2", "c2p2", "c3p2"}, Pages: 6, Pace: "at most 30/min items", Sessions: []pipeline.Session{
			{Name: "c1", Account: "1", AccountName: key(2)}, {Name: "c2", Account: "2", AccountName: "account 2"}, {Name: "c3", Account: "1", AccountName: key(2)},
		}},
		{Time: after(1), Kind: pipeline.LoggedIn, Worker: "c1", Account: "1", AccountName: key(2)},
		{Time: after(1), Kind: pipeline.LoggingIn, Worker: "c3", Account: "1", AccountName: key(2)},
		{Time: after(2), Kind: pipeline.AccountGivenUp, Worker: "c2", Account: "2", AccountName: "account 2", Reason: "the site refuses the login"},
		{Time: after(4), Kind: pipeline.SourceRead, Totals: totals, ToDo: 300},
		{Time: after(5), Kind: pipeline.AttemptStarted, Worker: "c1p1", Key: key(0), Attempt: 1},
	}
	for i := range 12 {
		all = append(all, pipeline.Event{Time: after(10 + 3*i), Kind: pipeline.ItemDone, Key: key(i), Took: time.Duration(i+3) * time.Second, Totals: totals})
	}
	return append(all,
		pipeline.Event{Time: after(50), Kind: pipeline.ItemSkipped, Key: key(1), Reason: "no report", Totals: totals},
		pipeline.Event{Time: after(51), Kind: pipeline.AttemptStarted, Worker: "c1p1", Key: key(0), Attempt: 1},
		pipeline.Event{Time: after(52), Kind: pipeline.StepStarted, Worker: "c1p1", Key: key(0), Step: "navigate.steps[2].click", StepName: "Open the report of " + key(1)},
		pipeline.Event{Time: after(51), Kind: pipeline.AttemptStarted, Worker: "c1p2", Key: key(1), Attempt: 3},
		pipeline.Event{Time: after(53), Kind: pipeline.StepStarted, Worker: "c1p2", Key: key(1), Step: "download[1].capture.on.click"},
		pipeline.Event{Time: after(54), Kind: pipeline.StepStarted, Worker: "c3p1", Step: "pool.pace.delay"},
		pipeline.Event{Time: after(55), Kind: pipeline.PageFreed, Worker: "c3p2", Key: key(2)},
		pipeline.Event{Time: after(56), Kind: pipeline.AttemptFailed, Worker: "c3p2", Key: key(2), Attempt: 2, Class: pipeline.RateLimited, Reason: "the site answered 429 at http://127.0.0.1/" + key(1) + " and asks for a rest of a minute", Step: "download[1].capture (specs/inventory.yaml:59:5)"},
		pipeline.Event{Time: after(56), Kind: pipeline.Adapted, Pages: 3, Reason: "3 of 6 at work: the site asks for a slower pace"},
	)
}

// The pictures of the golden files, at the widths that people have.
func TestPictureGolden(t *testing.T) {
	t.Parallel()
	for _, width := range []int{60, 80, 160} {
		for name, extra := range map[string][]pipeline.Event{
			"adapted": nil,
			"held": {
				{Time: after(57), Kind: pipeline.Held, Until: after(120), Class: pipeline.RateLimited, Reason: "the site answered 429 at http://127.0.0.1/GetPdfReport"},
				{Time: after(58), Kind: pipeline.Late, Until: after(900), Reason: "at 16.1 a minute the run ends between 12:17 and 12:21, after 12:15"},
			},
			"paused": {{Time: after(57), Kind: pipeline.Paused}},
		} {
			got := drawn(after(60), width, 30, append(busy("24B4104", "25R0384", "dealer-north"), extra...)...)
			path := filepath.Join("testdata", fmt.Sprintf("%s-%d.txt", name, width))
			if *update {
				if err := os.WriteFile(path, []byte(got+"\n"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got+"\n" != string(want) {
				t.Errorf("%s: got\n%s\nwant\n%s", path, got, want)
			}
		}
	}
}

// hostile are names as a site may have them.
var hostile = []string{
	"A\x1b[2J\x1b]0;owned\a1", "\u202egpj.exe\u2066", "車両・番号十二三四五六七八九十", "e\u0301\u0301\u0301\u0301a\u0308", "👩‍👩‍👧‍👦👍🏽", "\u009b31mred", strings.Repeat("long", 100), "tab\there\nline", "",
	"a\u200bb\ufeffc\u00ad", "\xff\xfe",
}

// The picture never is wider or higher than the terminal, whatever it is made of, and
// has no colours but its own.
func TestPictureFits(t *testing.T) {
	t.Parallel()
	many := busy("A1")
	for range 40 {
		many[0].Workers = append(many[0].Workers, "c9p9")
	}
	runs := map[string][]pipeline.Event{"plain": night(), "many workers": many}
	for i, name := range hostile {
		runs[fmt.Sprintf("hostile %d", i)] = append(busy(name, name+name, name), pipeline.Event{Time: after(57), Kind: pipeline.Held, Until: after(120), Class: pipeline.RateLimited, Reason: name})
	}
	for name, events := range runs {
		for _, size := range [][2]int{{160, 50}, {80, 24}, {60, 24}, {40, 10}, {20, 8}, {5, 3}, {1, 1}} {
			got := strings.Split(drawn(after(60), size[0], size[1], events...), "\n")
			if len(got) > max(size[1]-1, 1) {
				t.Errorf("%s: %d rows on a terminal of %d", name, len(got), size[1])
			}
			for _, row := range got {
				if n := ansi.StringWidthWc(row); n > size[0] {
					t.Errorf("%s: a row of %d on a terminal of %d: %q", name, n, size[0], row)
				}
				if row != Clean(row) {
					t.Errorf("%s: a terminal would obey %q", name, row)
				}
			}
		}
	}
}

// A row of a worker has its times in the same place, however wide its item's name is.
func TestPictureLinesUp(t *testing.T) {
	t.Parallel()
	for _, name := range hostile {
		if name == "" {
			continue // no item goes by it
		}
		at := 0
		for row := range strings.SplitSeq(drawn(after(60), 80, 40, busy(name, "B2", name)...), "\n") {
			if before, _, ok := strings.Cut(row, " 8s"); ok && strings.HasPrefix(row, "c1p1") {
				at = ansi.StringWidthWc(before)
			}
		}
		if want := 79 - len(" 8s"); at != want {
			t.Errorf("%q: the worker's time is at %d, want %d", name, at, want)
		}
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text          string
		cells, indent int
		want          string
	}{
		{"one two three", 20, 4, "one two three"},
		{"one two three four", 10, 2, "one two|  three|  four"},
		{"averyveryverylongword", 10, 0, "averyveryv|erylongwor|d"},
		{"車両 番号 一二三", 9, 0, "車両 番号|一二三"},
		{"", 10, 2, ""},
	} {
		if got := strings.Join(wrap(c.text, c.cells, c.indent), "|"); got != c.want {
			t.Errorf("%q in %d: %q, want %q", c.text, c.cells, got, c.want)
		}
	}
}
