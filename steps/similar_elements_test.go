package steps_test

import (
	"errors"
	"strings"
	"testing"

	"pipe/steps"
)

// What is not found is named by its target, and the likest things on the page
// are suggested in the words of a spec.
func TestNearest(t *testing.T) {
	t.Parallel()
	const page = `<label for="stock-no">Stock number</label><input id="stock-no" name="stockNo">
		<input name="other" class="hint"><button class="btn">Print / e-mail reports</button><button>Log out</button>
		<table id="inventory"><tr><td class="stock-cell">A1</td><td><img title="Book out" src="data:,"></td></tr></table>
		<p style="display:none" id="StockNumberX">hidden</p><a href="#" data-testid="pdf-create">PDF</a>`
	for selector, want := range map[string]string{
		`"#StockNumber"`: `#stock-no (textbox)`,
		`{role: button, name: Print/Email Reports}`:             `{role: button, name: "Print / e-mail reports"} (button)`,
		`"#grid tbody td.stock:text-is('B7')"`:                  `td.stock-cell (td "A1")`,
		`"#grid img[title=Bookout]"`:                            `img[title="Book out"] (img)`,
		`{label: Stock no}`:                                     `#stock-no (textbox)`,
		`{test_id: create-pdf}`:                                 `{test_id: "pdf-create"} (link "PDF")`,
		`{text: "Log ${{ item.ref == 'A1' ? 'out' : 'in' }}!"}`: `{role: button, name: "Log out"} (button)`,
		`"#zzzzqqqq"`:                                           ``,
	} {
		s := show(t, page)
		got := s.SimilarElements(s.ctx, target(selector))
		if first := strings.Join(got[:min(len(got), 1)], ""); first != want || len(got) > 3 {
			t.Errorf("%s: got %q, want %q first", selector, got, want)
		}
	}
	framed := show(t, `<iframe id="f" srcdoc="<button id='save-all'>x</button>"></iframe>`)
	if got := framed.SimilarElements(framed.ctx, target(`{selector: "#saveall", frame: "#f"}`)); len(got) != 1 || got[0] != `#save-all (button "x")` {
		t.Errorf("in a frame: %q", got)
	}
	var absent *steps.AbsentError
	if err := framed.try(`click: {selector: "#no", timeout: 100ms}`); !errors.As(err, &absent) || absent.Target.String() != `"#no"` {
		t.Errorf("got %v", err)
	}
}
