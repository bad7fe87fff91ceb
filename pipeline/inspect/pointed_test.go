package inspect_test

import (
	"strings"
	"testing"

	"pipe/pipeline/inspect"
	"pipe/pipeline/testbrowser"
)

// What shows that it can be clicked by the pointer over it has a target: it alone, and nothing in it.
func TestPointed(t *testing.T) {
	t.Parallel()
	page := testbrowser.Open(t)
	if err := page.Playwright().SetContent(`<p>Forms</p><div class=open style="cursor:pointer"><span class=no>F-1</span></div><div class=shut>F-2</div>`); err != nil {
		t.Fatal(err)
	}
	seen, err := inspect.Look(t.Context(), page.Playwright(), func(text string) string { return text })
	if err != nil {
		t.Fatal(err)
	}
	all := allTargets(seen.Documents[0])
	for target := range all {
		if n := count(t, page, target); n != 1 {
			t.Errorf("%s finds %d elements", target, n)
		}
	}
	if text := seen.Text(); len(all) == 0 || strings.Contains(text, "shut") || strings.Count(text, "/target:") != 1 {
		t.Errorf("%d targets:\n%s", len(all), text)
	}
}
