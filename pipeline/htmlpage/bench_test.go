package htmlpage

import "testing"

// BenchmarkPage is what a page without a browser costs beside the site's answer: it is
// parsed, and five values are looked for in several ways.
func BenchmarkPage(b *testing.B) {
	for b.Loop() {
		p := static(b, vehicle)
		for _, l := range []interface{ Count() (int, error) }{
			p.Locator("#grid tbody tr:has-text('A-1000') >> a"), p.Locator("xpath=//tr/td[2]"), p.GetByText("deep red"), p.GetByLabel("Branch"),
			(way{role: "button", name: "Search now"}).on(p),
		} {
			if n, err := l.Count(); err != nil || n == 0 {
				b.Fatal(n, err)
			}
		}
	}
}
