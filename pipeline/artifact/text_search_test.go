package artifact

import (
	"strings"
	"testing"
)

// A text is found as whole words, in whatever form a PDF or a page has it.
func TestContainsWholeWords(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		key, text string
		miss      string // "-" when the key is there, else what is told of a near miss
	}{
		"a word":                  {"1", "Item 1 of 3", "-"},
		"in brackets":             {"1", "(1) [x]", "-"},
		"with a sign behind":      {"24K0173", "Stock: 24K0173.", "-"},
		"at the end":              {"10", "No. 10", "-"},
		"in quotes":               {"A1", "«A1»", "-"},
		"with a label":            {"4711", "No:4711\n#4712", "-"},
		"a longer number":         {"1", "Item 10 of 20", `it holds "10", of which this is a part`},
		"a number's end":          {"10", "Item 210", `it holds "210", of which this is a part`},
		"a decimal":               {"1", "about 1.5 litres", `it holds "1.5", of which this is a part`},
		"thousands":               {"1", "sum 1,000", `it holds "1,000", of which this is a part`},
		"an hour":                 {"10", "at 10:30", `it holds "10:30", of which this is a part`},
		"a year's number":         {"1", "Invoice 2021-1", `it holds "2021-1", of which this is a part`},
		"a part of a code":        {"001", "INV-2023-001", `it holds "INV-2023-001", of which this is a part`},
		"the start of a code":     {"INV-2023", "INV-2023-001", `it holds "INV-2023-001", of which this is a part`},
		"over the line's end":     {"INV-2023", "INV-2023-\n001", `it holds "INV-2023- 001", of which this is a part`},
		"a file's name":           {"4711", "see 4711.pdf", "-"},
		"the end of a sentence":   {"4711", "is 4711.Next", "-"},
		"with a slash":            {"7", "7/2024", `it holds "7/2024", of which this is a part`},
		"with an underscore":      {"A1", "A1_x", `it holds "A1_x", of which this is a part`},
		"letters around":          {"North", "Northern", `it holds "Northern", of which this is a part`},
		"another and itself":      {"1", "10, 11 and 1", "-"},
		"two words":               {"North Shore", "the North  Shore branch", "-"},
		"Chinese":                 {"12", "第12号", "-"},
		"Japanese words":          {"請求書", "御請求書一覧", "-"},
		"Korean":                  {"3", "제3호", "-"},
		"other case":              {"inv-7", "is INV-7", `it holds "INV-7", which is the same but for upper and lower case`},
		"a slip":                  {"INV-2023-001", "INV-2023-0O1", `it holds "INV-2023-0O1", which is nearly the same`},
		"a neighbour":             {"24K0174", "Stock 24K0173", `it holds "24K0173", which is nearly the same`},
		"nothing like it":         {"24K0174", "all is well", ""},
		"broken over lines":       {"24K0173", "24K\n0173", "-"},
		"broken by spaces":        {"1FTFW1", "1FT FW1", "-"},
		"in groups":               {"DE12345678901234", "DE12 3456 7890 1234", "-"},
		"spaces in the key":       {"DE12 3456", "DE123456", "-"},
		"cells are no number":     {"10", "1 0 3", `it holds "1 0", with gaps in it`},
		"short cells":             {"1234", "12 34", `it holds "12 34", with gaps in it`},
		"spaced letters":          {"A10", "K e y  A 1 0", "-"},
		"a spaced number":         {"1", "N o .  1 0", `it holds "1", of which this is a part`},
		"a table of digits":       {"1", "3 1 2 4", "-"},
		"a hyphen of the line":    {"Vertragsnummer", "Vertrags-\nnummer 5", "-"},
		"a hyphen of its own":     {"North-East", "North-\nEast", "-"},
		"the reader's hyphen":     {"INV-2023-001", "INV-2023\ufffe001", "-"},
		"the reader's, of a word": {"Vertragsnummer", "Vertrags\ufffenummer", "-"},
		"a soft hyphen":           {"Vertragsnummer", "Vertrags\u00adnummer", "-"},
		"no-break space":          {"North Shore", "North\u00a0Shore", "-"},
		"a dash of any kind":      {"INV-7", "INV‑7 INV–8", "-"},
		"a minus":                 {"INV-7", "INV\u22127", "-"},
		"ligatures":               {"Office file", "Oﬃce ﬁle", "-"},
		"wide letters":            {"ABC123", "ＡＢＣ１２３", "-"},
		"composed or not":         {"Müller", "Mu\u0308ller", "-"},
		"zero width":              {"ABC123", "ABC\u200b123\ufeff", "-"},
		"quotes":                  {"O'Neil", "O’Neil", "-"},
		"a foot note's number":    {"4711", "4711² x", "-"},
		"Arabic digits":           {"123", "رقم ١٢٣", "-"},
		"a number sign":           {"12", "№12", "-"},
		"Hebrew":                  {"חשבונית 123", "לקוח חשבונית 123", "-"},
		"Hebrew as seen":          {"חשבונית 123", "123 תינובשח חוקל", "-"},
		"Arabic as seen":          {"فاتورة", "ةروتاف", "-"},
		"Arabic, shapes as seen":  {"فاتورة", "ﺓﺭﻮﺗﺎﻓ", "-"},
		"part of a Hebrew word":   {"שלום", "בשלוםץ", `it holds "בשלוםץ", of which this is a part`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			hay := newHaystack(test.text, false)
			got := "-"
			if !hay.contains(test.key, nil) {
				got = hay.nearMiss(test.key, nil)
			}
			if got != test.miss {
				t.Errorf("%q in %q: %s", test.key, test.text, got)
			}
			// Any text mentions what it contains.
			if got == "-" && !hay.mentions(test.key) {
				t.Error("it is not mentioned")
			}
		})
	}
}

// What stands in a longer text of another item does not count.
func TestContainsNoOtherItems(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"Branch North Shore": false, "Branch North\nShore": false, "Branch North": true, "North, next to North Shore": true, "Great North": false,
	} {
		hay := newHaystack(text, false)
		others := []string{"North Shore", "Great North"}
		if got := hay.contains("North", others); got != want {
			t.Errorf("%q: %v", text, got)
		}
		if miss := hay.nearMiss("North", others); !want && !strings.HasSuffix(miss, "which is another item's") {
			t.Errorf("%q: %s", text, miss)
		}
	}
}

// In cells that commas part, two numbers are no one number.
func TestContainsInCells(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	for text, w := range map[string]want{
		"no,sum\n4711,5\n":        {Type: "csv", Contains: []string{"4711"}},
		`{"rows":[4711,5],"n":0}`: {Type: "any", Contains: []string{"4711"}},
	} {
		if got := reasonOf(t, s, []byte(text), w); got != "" {
			t.Error(got)
		}
	}
}

func BenchmarkContains(b *testing.B) {
	text := strings.Repeat("some words of a long report and 12,345.67\n", maxText/42)
	for b.Loop() {
		newHaystack(text, false).contains("24K0173", nil)
	}
}

// Of a page what it shows counts, not its source.
func TestContainsInPages(t *testing.T) {
	t.Parallel()
	s := newStore(t, Options{})
	const page = `<html><body width="1"><script>var no = 4711</script><a href="/i/7">24K<b>0173</b></a><td>10</td><td>M&uuml;ller</td>` +
		`<input type=hidden value=88><input value="INV-9"><img alt="Deed 5"></body></html>`
	for key, reason := range map[string]string{
		"24K0173": "", "10": "", "Müller": "", "INV-9": "", "Deed 5": "",
		"1": `; its source has it where nobody reads it`, "4711": `; its source has it where nobody reads it`, "88": `; its source has it where nobody reads it`,
		"0": `; it holds "0173", of which this is a part`,
	} {
		if got := reasonOf(t, s, []byte(page), want{Type: "html", Contains: []string{key}}); !strings.HasSuffix(got, reason) || (got == "") != (reason == "") {
			t.Errorf("%s: %q", key, got)
		}
	}
	if got := reasonOf(t, s, []byte(page), want{Type: "html", NotContains: []string{"4711"}}); !strings.HasSuffix(got, `with "4711" in its text`) {
		t.Error(got)
	}
}
