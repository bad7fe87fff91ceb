package steps_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"pipe/specs"
	"pipe/steps"
)

func target(selector string) specs.Target {
	spec, err := read("", "click: "+selector)
	if err != nil {
		panic(err)
	}
	return spec.Navigate.Steps[0].Do.(*steps.Click).Target
}

func TestSees(t *testing.T) {
	s := show(t, `<h1>Too  Many
		requests</h1><p hidden>maintenance</p><div id="busy">wait</div>`)
	for _, c := range []struct {
		sign steps.PageSign
		want bool
	}{
		{steps.PageSign{Text: "too many REQUESTS"}, true},
		{steps.PageSign{Text: "maintenance"}, false},
		{steps.PageSign{Target: target(`"#busy"`)}, true},
		{steps.PageSign{Target: target(`p`)}, false},
		{steps.PageSign{Target: target(`"#busy"`), Text: "gone"}, false},
		{steps.PageSign{Target: target(`{role: heading, name: Too Many}`), Text: "wait"}, true},
	} {
		if got, err := s.IsShown(s.ctx, c.sign); got != c.want || err != nil {
			t.Errorf("%+v: %v, %v", c.sign, got, err)
		}
	}
}

// A sign that is not there yet is waited for, and not longer than there is time.
func TestWatchSigns(t *testing.T) {
	s := show(t, `<script>setTimeout(() => document.body.append('slow down'), 300)</script>`)
	if i := s.WaitForAny(s.ctx, []steps.PageSign{{Text: "never"}, {Text: "slow down"}}); i != 1 {
		t.Errorf("got %d", i)
	}
	ctx, cancel := context.WithTimeout(s.ctx, 200*time.Millisecond)
	defer cancel()
	if i := s.WaitForAny(ctx, []steps.PageSign{{Text: "never"}}); i != -1 {
		t.Errorf("got %d", i)
	}
}

// What is not found is named by its target, and the likest things on the page
// are suggested in the words of a spec.
func TestNearest(t *testing.T) {
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
