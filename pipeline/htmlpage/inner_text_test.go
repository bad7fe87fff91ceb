package htmlpage

import (
	_ "embed"
	"strings"
	"testing"

	"github.com/playwright-community/playwright-go"
)

//go:embed testdata/texts.html
var texts string

// compareTexts compares what each element shows.
func compareTexts(t *testing.T, real playwright.Page, page string) {
	t.Helper()
	mine := static(t, page)
	if err := real.SetContent(page); err != nil {
		t.Fatal(err)
	}
	all, err := real.Evaluate(`[...document.querySelectorAll('*')].map(e => e.innerText === undefined ? null : e.innerText)`)
	if err != nil {
		t.Fatal(err)
	}
	list, _ := all.([]any)
	names := namesOf(mine.doc)
	for n, i := range mine.doc.order {
		if list[i] != nil && n.Data != "html" && strings.TrimSpace(mine.doc.innerText(n)) != strings.TrimSpace(list[i].(string)) {
			t.Errorf("the text of %s:\n got %q\nwant %q", names[i], mine.doc.innerText(n), list[i])
		}
	}
}
