package steps_test

import (
	"testing"

	"pipe/specs/expr"
	"pipe/steps"
)

// The item's values stand in texts as expressions, as words alone, the longest first.
func TestAsExpressions(t *testing.T) {
	t.Parallel()
	on := &steps.StepContext{Values: expr.Values{"item": map[string]any{
		"stock_number": "A100", "vin": "A100-7", "year": 2012, "days": 12, "Stock Number": "A100", "none": nil, "item": "item",
	}}}
	for text, want := range map[string]string{
		"":                         "",
		"Photo of A100":            "Photo of ${{ item.stock_number }}",
		"A1000 and XA100":          "A1000 and XA100",
		"A100-7, A100.":            "${{ item.vin }}, ${{ item.stock_number }}.",
		"2012 Audi, 12 days":       "${{ item.year }} Audi, 12 days",
		"an item A100":             "an ${{ item.item }} ${{ item.stock_number }}",
		`cell[name="A100"i]`:       `cell[name="${{ item.stock_number }}"i]`,
		"/vehicle/A100/reports?x=": "/vehicle/${{ item.stock_number }}/reports?x=",
	} {
		if got := on.AsExpressions(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := (&steps.StepContext{}).AsExpressions("A100"); got != "A100" {
		t.Errorf("without an item: %q", got)
	}
}
