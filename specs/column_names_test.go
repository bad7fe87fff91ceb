package specs_test

import (
	"testing"

	"pipe/specs"
)

func TestSnakeCase(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Stock Number": "stock_number", "stock-number": "stock_number", "StockNumber": "stock_number",
		"VIN": "vin", "VINNumber": "vin_number", "Stock #": "stock", "# Stock": "stock", "MSRP ($)": "msrp",
		"2nd Key": "_2nd_key", "Größe (mm)": "größe_mm", "a__b": "a_b", "Page2Of3": "page2of3", "#": "", "": "",
	} {
		if got := specs.SnakeCase(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
