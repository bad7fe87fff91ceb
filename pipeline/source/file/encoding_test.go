package file

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// Whatever a file is in, its rows are the same, and what it is in is told.
func TestEncodingsFound(t *testing.T) {
	t.Parallel()
	const text = "Ref;Größe;Preis €\nA1;groß;5 €\n"
	for want, c := range map[string]struct {
		in    encoding.Encoding
		named string
	}{
		"UTF-8":                                         {in: encoding.Nop},
		"UTF-8 with a byte order mark":                  {in: unicode.UTF8BOM},
		"Windows-1252":                                  {in: charmap.Windows1252},
		"UTF-16 with a byte order mark":                 {in: unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)},
		"UTF-16 without a byte order mark":              {in: unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)},
		"UTF-16 (big-endian) with a byte order mark":    {in: unicode.UTF16(unicode.BigEndian, unicode.UseBOM)},
		"UTF-16 (big-endian) without a byte order mark": {in: unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)},
		"iso-8859-15":                                   {in: charmap.ISO8859_15, named: "iso-8859-15"},
	} {
		file, err := c.in.NewEncoder().String(text)
		must(t, err)
		var found []string
		for row, err := range CSV(t.Context(), strings.NewReader(file), CSVOptions{Encoding: c.named, Found: func(what string, _ []string) { found = append(found, what) }}) {
			if err != nil || row.Fields["größe"] != "groß" || row.Fields["Preis €"] != "5 €" {
				t.Errorf("%s: %v, %v", want, row, err)
			}
		}
		if want := "CSV in " + want + " with semicolons between 3 columns: Ref, Größe, Preis €"; len(found) != 1 || found[0] != want {
			t.Errorf("found %q, want %q", found, want)
		}
	}
}

// A rune that the sample's end cuts is none of another encoding.
func TestEncodingOfALongFile(t *testing.T) {
	t.Parallel()
	for shift := range 4 {
		head := []byte(strings.Repeat("x", shift) + strings.Repeat("€", sampleBytes/3+1))[:sampleBytes]
		if _, found, err := decoderOf("", head); err != nil || found != "UTF-8" {
			t.Errorf("shifted by %d: %s, %v", shift, found, err)
		}
	}
	if _, found, _ := decoderOf("", []byte("abc\xe2\x82")); found != "Windows-1252" {
		t.Errorf("the end of a short file is cut: %s", found)
	}
}
