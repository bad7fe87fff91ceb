package steps

import (
	"errors"
	"testing"
)

func TestListTotal(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]listTotal{
		"1–25 of 39":       {39, 1, 25},
		"1 - 25 von 1.234": {1234, 1, 25},
		"39 Treffer":       {39, 0, 0},
		"1,234 results":    {1234, 0, 0},
		"1 234 résultats":  {1234, 0, 0},
		"12’345 Einträge":  {12345, 0, 0},
		"1,23,456 rows":    {123456, 0, 0},
		"Showing 1 to 25 of 39 entries (filtered from 100 total entries)": {39, 1, 25},
		"Zeige 26 bis 39 von 39": {39, 26, 39},
		"39 件中 1～25 件を表示":        {39, 1, 25},
		"25 / 39":                {39, 0, 0},
		"Showing 25 of 39":       {39, 0, 0},
		"共 ３９ 条":                 {39, 0, 0},
		"1.201–1.225 of 1.234":   {1234, 1201, 1225},
		"0 results":              {0, 0, 0},
		"0-0 of 0":               {0, 0, 0},
	} {
		got, err := parseTotal(text)
		if got != want || err != nil {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for text, want := range map[string]error{
		"": errNoTotal, "no results": errNoTotal, "1–25 of many": errNoTotal, "Page 2 of 4": errTotals, "Page 3": errTotals,
		"Page 2 of 4 (39 items)": errTotals, "1–25 of about 1,200": errAboutTotal, "1-25 of 1000+": errAboutTotal, "over 900 hits": errAboutTotal,
	} {
		if got, err := parseTotal(text); !errors.Is(err, want) {
			t.Errorf("%q: %+v, %v, want %v", text, got, err, want)
		}
	}
}
