package specs_test

import (
	"slices"
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

// The columns that a spec names have the names that a file's own would have.
func TestColumnNames(t *testing.T) {
	t.Parallel()
	got := specs.ColumnNames(specs.TableColumns([]string{" Stock Number", "ref", "ref", "", "REF", ""}))
	want := []string{"Stock Number", "stock_number", "ref", "ref (2)", "ref_2", "column_4", "REF"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	want = []string{"REF", "ref", "stock_number"}
	if got = specs.EachColumnOnce(map[string]any{"Stock Number": "7", "stock_number": "7", "ref": "a", "REF": "b"}); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
