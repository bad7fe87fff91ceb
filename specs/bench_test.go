package specs_test

import (
	"path"
	"testing"

	"pipe/specs"
	"pipe/specs/expr"
	"pipe/specs/internal/spectest"
	"pipe/steps"
)

// BenchmarkLoad reads the shipped specs.
func BenchmarkLoad(b *testing.B) {
	opts := specs.Options{Verbs: steps.Verbs(), Env: func(string) (string, bool) { return "http://127.0.0.1", true }}
	for name, src := range spectest.Files(b, "specs/*.yaml") {
		b.Run("spec="+path.Base(name), func(b *testing.B) {
			b.SetBytes(int64(len(src)))
			for b.Loop() {
				if _, err := specs.Parse(name, src, opts); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkExpression evaluates what stands in specs: a value as it is, a template for an
// address, a calculation, and a condition.
func BenchmarkExpression(b *testing.B) {
	spec := spectest.Parse(b, `name: x
base_url: http://127.0.0.1
key: ${{ item.reference }}
source: {items: [{reference: 24K0173, price: "46,120", sold: "2026-03-04"}]}
navigate:
  steps:
    - goto: ${{ item.reference }}
    - goto: /vehicles/${{ item.reference }}?from=${{ item.sold }}
    - goto: ${{ date(item.sold).Format("02.01.2006") }}-${{ number(item.price) * 2 }}
    - goto: /
      if: item.reference startsWith "24" and item.price != ""
download:
  - capture: {on: {click: a}, as: "${{ item.reference }}.pdf"}
`, spectest.Options())
	values := expr.Values{"item": map[string]any{"reference": "24K0173", "price": "46,120", "sold": "2026-03-04"}}
	for i, name := range []string{"value", "address", "calculation"} {
		address := spec.Navigate.Steps[i].Do.(*steps.Goto).URL
		b.Run("of="+name, func(b *testing.B) {
			for b.Loop() {
				if _, err := address.Text(values); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	holds := spec.Navigate.Steps[3].If
	b.Run("of=condition", func(b *testing.B) {
		for b.Loop() {
			if _, err := holds.Holds(values); err != nil {
				b.Fatal(err)
			}
		}
	})
}
